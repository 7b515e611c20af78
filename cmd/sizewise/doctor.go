package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// health is how a thing that doctor looked at is.
type health string

const (
	healthy health = "ok"
	warned  health = "warn" // works, with a catch
	broken  health = "fail"
	unknown health = "unknown" // could not be found out
)

// diagnosis is one thing that doctor looked at.
type diagnosis struct {
	Status health `json:"status"`
	Target string `json:"target,omitempty"` // of several accounts or regions
	What   string `json:"what"`
	Found  string `json:"found"`
	Do     string `json:"do,omitempty"` // the next step; empty when there is none
}

// unwellError ends doctor when something does not work. What it is has been
// printed.
type unwellError struct{ broken, unknown int }

// Error counts what is wrong.
func (e *unwellError) Error() string {
	return fmt.Sprintf("%s failed, %d could not be found out", count(e.broken, "check"), e.unknown)
}

func (a *app) newDoctorCommand() *cobra.Command {
	var flags targetFlags
	var policy bool
	cmd := &cobra.Command{
		Use:   "doctor [SUBJECT...]",
		Short: "Check credentials, permissions, clock, quotas and the lake",
		Long: `Looks at everything that a pull needs and says what to do about what is missing:
credentials, each permission, this machine's clock, the account's quotas, how a
subject publishes its metrics, the class of its log group, and the lake.

  $ sizewise doctor
  $ sizewise doctor endpoint/resnet-g5 --profile prod --region eu-west-1
  $ sizewise doctor --policy                the IAM policy of all that it tries

It makes one cheap call for each permission and changes nothing.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var subjects []subject.Subject
			for _, arg := range args {
				s, err := parseSubject(arg)
				if err != nil {
					return err
				}
				subjects = append(subjects, s)
			}
			if policy {
				_, err := fmt.Fprintln(a.con.out, cloudwatch.DoctorPolicy(resourceKinds(subjects)...))
				return err
			}
			clients, err := a.clients(flags)
			if err != nil {
				return err
			}
			var all []diagnosis
			for _, o := range clients {
				found, err := a.examine(cmd.Context(), o, subjects)
				if err != nil {
					return err
				}
				if len(clients) > 1 {
					for i := range found {
						found[i].Target = targetName(o)
					}
				}
				all = append(all, found...)
			}
			local, err := a.examineLake(cmd.Context())
			if err != nil {
				return err
			}
			return a.printDiagnoses(append(all, local...))
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().BoolVar(&policy, "policy", false, "print the IAM policy that doctor itself needs, and ask nothing")
	return cmd
}

// resourceKinds are what SageMaker is asked about subjects.
func resourceKinds(subjects []subject.Subject) []cloudwatch.ResourceKind {
	var kinds []cloudwatch.ResourceKind
	for _, s := range subjects {
		if r, ok := ingest.Resource(s); ok && !slices.Contains(kinds, r.Kind) {
			kinds = append(kinds, r.Kind)
		}
	}
	return kinds
}

// examine looks at one account and region, and at subjects in it.
func (a *app) examine(ctx context.Context, o cloudwatch.Options, subjects []subject.Subject) ([]diagnosis, error) {
	client, err := cloudwatch.New(ctx, o)
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		return []diagnosis{failed("credentials", err)}, nil
	}
	request := cloudwatch.ProbeRequest{Kinds: resourceKinds(subjects)}
	for _, s := range subjects {
		if groups := s.LogGroups(); len(groups) > 0 && request.Group == "" {
			request.Group = groups[0].Name
		}
	}
	probe, err := client.Probe(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("probing the account: %w", err)
	}
	if down := unreachable(probe); down != nil {
		return []diagnosis{*down}, nil
	}
	out := accountHealth(probe)
	for _, s := range subjects {
		found, err := examineSubject(ctx, client, s)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// failed is a diagnosis of an error: what happened, and apart from it what to do.
func failed(what string, err error) diagnosis {
	d := diagnosis{Status: broken, What: what, Found: oneLine(err.Error()), Do: remedy(err)}
	if d.Do != "" {
		d.Found = strings.Trim(strings.Replace(d.Found, d.Do, "", 1), ": ")
	}
	return d
}

// unreachable is the one thing to say when no call of a probe was answered.
func unreachable(p cloudwatch.ProbeResult) *diagnosis {
	for _, c := range p.Checks {
		if c.Outcome != cloudwatch.Unanswered {
			return nil
		}
	}
	if len(p.Checks) == 0 || p.Caller != "" {
		return nil
	}
	return &diagnosis{
		Status: broken, What: "AWS", Found: "no call was answered, the first: " + p.Checks[0].Detail,
		Do: "check the network, --region and --endpoint-url",
	}
}

// remedy is what to do about an error of the AWS client; the reasons say it
// themselves, after their first colon.
func remedy(err error) string {
	var reason cloudwatch.Reason
	if !errors.As(err, &reason) {
		return ""
	}
	_, do, _ := strings.Cut(string(reason), ": ")
	return do
}

// printDiagnoses writes what was found, the worst not hidden among the good:
// a line each, in the order in which a pull would meet them.
func (a *app) printDiagnoses(all []diagnosis) error {
	var sum unwellError
	for _, d := range all {
		if d.Status == broken {
			sum.broken++
		}
		if d.Status == unknown {
			sum.unknown++
		}
	}
	if a.common.json {
		if err := writeJSON(a.con.out, all); err != nil {
			return err
		}
	} else if err := writeDiagnoses(a.con.out, all); err != nil {
		return err
	}
	if sum.broken > 0 || sum.unknown > 0 {
		return &sum
	}
	return nil
}

func writeDiagnoses(w io.Writer, all []diagnosis) error {
	target := ""
	for _, d := range all {
		if d.Target != target {
			target = d.Target
			if _, err := fmt.Fprintf(w, "%s\n", clean(target)); err != nil {
				return fmt.Errorf("writing the diagnosis: %w", err)
			}
		}
		text := wrap(clean(d.What+": "+d.Found), "         ")
		fmt.Fprintf(w, "%-7s  %s\n", d.Status, strings.TrimSpace(text))
		if d.Do != "" {
			fmt.Fprintln(w, wrap("-> "+clean(d.Do), "         "))
		}
	}
	return nil
}
