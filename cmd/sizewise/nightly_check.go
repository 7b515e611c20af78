package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sizewise/cmd/sizewise/config"
	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// nightCheck is what --check found.
type nightCheck struct {
	Config   string          `json:"config"`
	Source   string          `json:"source"` // of what is counted: lake, or AWS
	Places   []checkedPlace  `json:"places"`
	Subjects []checkedSource `json:"subjects"`
}

// checkedPlace is a directory or file that a night writes.
type checkedPlace struct {
	Name    string `json:"name"` // lake, reports, summary, junit
	Path    string `json:"path"`
	State   string `json:"state"`
	Problem string `json:"problem,omitempty"`
}

// checkedSource is a line of subjects.
type checkedSource struct {
	Line    int    `json:"line"` // from 0, as errors name it
	Text    string `json:"text"`
	Found   int    `json:"found"`
	State   string `json:"state"`
	Problem string `json:"problem,omitempty"`
}

// checkNightly says whether the configuration can do what it says: what its lines
// find, and whether its places can be written. Nothing is left behind. It fails
// when a place cannot be written, and with ask when a line finds nothing in AWS.
func (a *app) checkNightly(ctx context.Context, f nightlyFlags, c config.Nightly) error {
	check := nightCheck{Config: f.config, Source: "lake"}
	for _, p := range []checkedPlace{{Name: "lake", Path: c.Lake}, {Name: "reports", Path: c.Reports}, {Name: "summary", Path: c.Summary}, {Name: "junit", Path: c.JUnit}} {
		if p.Path != "" {
			check.Places = append(check.Places, p.check())
		}
	}
	n := &night{app: a, config: c, flags: f, wall: a.con.now, end: cutOf(a.con.now())}
	var err error
	if f.ask {
		check.Source = "AWS"
		check.Subjects, err = n.checkInAWS(ctx)
	} else {
		check.Subjects, err = n.checkInLake(ctx)
	}
	if err != nil {
		return err
	}
	if a.common.json {
		err = writeJSON(a.con.out, check)
	} else {
		err = check.print(a.con, c)
	}
	if err != nil {
		return err
	}
	return check.outcome()
}

func (c *nightCheck) print(con console, of config.Nightly) error {
	subjects := strings.Replace(count(len(of.Subjects), "subject or pattern"), "subject or patterns", "subjects or patterns", 1)
	verdict := "is right"
	if c.outcome() != nil {
		verdict = "can be read"
	}
	lines := []string{fmt.Sprintf("%s %s: %s, lake %s, reports %s", c.Config, verdict, subjects, of.Lake, of.Reports)}
	for _, p := range c.Places {
		lines = append(lines, fmt.Sprintf("  %s: %s", p.Name, p.State))
		if p.Problem != "" {
			lines[len(lines)-1] += ": " + p.Problem
		}
	}
	for _, s := range c.Subjects {
		lines = append(lines, fmt.Sprintf("  subjects[%d] %s: %s", s.Line, s.Text, s.State))
		if s.Problem != "" {
			lines[len(lines)-1] += ": " + s.Problem
		}
	}
	if c.Source == "lake" && !slices.ContainsFunc(c.Subjects, func(s checkedSource) bool { return s.Found > 0 || s.Problem != "" }) {
		lines = append(lines, "  Before the first night the lake is empty: --ask counts in AWS.")
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(con.out, clean(l)); err != nil {
			return fmt.Errorf("writing the check: %w", err)
		}
	}
	return nil
}

// outcome fails where a night would, or would find nothing.
func (c *nightCheck) outcome() error {
	bad := 0
	for _, p := range c.Places {
		if p.Problem != "" {
			bad++
		}
	}
	for _, s := range c.Subjects {
		if s.Problem != "" && c.Source == "AWS" {
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%s of the configuration will not work as it is", count(bad, "line"))
	}
	return nil
}

// check tries to write there and takes it away again.
func (p checkedPlace) check() checkedPlace {
	dir := p.Path
	if p.Name == "summary" || p.Name == "junit" {
		dir = filepath.Dir(dir)
	}
	missing, err := tryWriting(dir)
	var none *lake.MissingError
	if p.Name == "lake" && err == nil {
		if err = lake.Check(dir); errors.As(err, &none) {
			err = nil
		}
	}
	switch {
	case err != nil:
		p.State, p.Problem = "cannot be written", err.Error()
	case missing:
		p.State = "can be made"
	default:
		p.State = "can be written"
	}
	return p
}

// tryWriting makes a directory in dir, or in the nearest one above that is there,
// and removes it. missing says that dir itself is not there.
func tryWriting(dir string) (missing bool, err error) {
	for at := dir; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist) && at != filepath.Dir(at):
			missing = true
			continue
		case err != nil:
			return missing, plainPath(at, err)
		case !info.IsDir():
			return missing, fmt.Errorf("%s is no directory", at)
		}
		temp, err := os.MkdirTemp(at, ".sizewise-check-*")
		if err != nil {
			return missing, plainPath(at, err)
		}
		return missing, os.Remove(temp)
	}
}

// plainPath is an error of the file system about a path that a user knows.
func plainPath(at string, err error) error {
	var where *fs.PathError
	if errors.As(err, &where) {
		err = where.Err
	}
	return fmt.Errorf("%s: %w", at, err)
}

// checkInLake counts what the lake has of each line.
func (n *night) checkInLake(ctx context.Context) ([]checkedSource, error) {
	known, err := n.known(ctx)
	var none *lake.MissingError
	if err != nil && !errors.As(err, &none) {
		known = nil // said of the place
	}
	var out []checkedSource
	for i, s := range n.config.Subjects {
		one := checkedSource{Line: i, Text: strings.TrimSpace(s.Name + likeText(s))}
		switch sub, err := subject.Parse(s.Name); {
		case s.Tag != nil:
			one.State = "not counted, the lake has no tags"
			if len(known) > 0 {
				one.State += "; --ask counts in AWS"
			}
		case s.Name != "" && err == nil && slices.Contains(known, sub.Key()):
			one.Found, one.State = 1, "in the lake"
		case s.Name != "":
			one.State = "not in the lake yet"
		default:
			one.Found = len(matching(s, known))
			one.State = fmt.Sprintf("%d in the lake", one.Found)
			if one.Found == 0 {
				one.State = "none in the lake"
			}
			if one.Found == 0 && len(known) > 0 {
				one.Problem = "right for what is new, else compare it with sizewise lake info; --ask counts in AWS"
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// checkInAWS asks AWS's lists, and nothing else, what each line finds.
func (n *night) checkInAWS(ctx context.Context) ([]checkedSource, error) {
	targets, err := n.targets(ctx)
	if err != nil {
		return nil, err
	}
	var out []checkedSource
	for i, s := range n.config.Subjects {
		one := checkedSource{Line: i, Text: strings.TrimSpace(s.Name + likeText(s))}
		kind, err := patternKind(s.Pattern())
		since := n.jobsSince()
		wanted := s
		if sub, wrong := subject.Parse(s.Name); s.Name != "" && wrong == nil {
			kind, since, err = sub.Kind, time.Time{}, nil
			wanted = config.Subject{Match: sub.Key()}
		}
		resource, known := describedBy(kind)
		if err != nil || !known || !slices.Contains(cloudwatch.ListedKinds(), resource) {
			one.State = "not counted, AWS has no list of such"
			out = append(out, one)
			continue
		}
		found, err := n.discoverSince(ctx, targets, wanted, kind, since)
		one.Found = len(found)
		one.State = fmt.Sprintf("%d in AWS", one.Found)
		switch {
		case err != nil:
			one.State, one.Problem = "cannot be counted", oneLine(err.Error())
		case one.Found == 0:
			one.State, one.Problem = "none in AWS", fmt.Sprintf("no %s is so named or tagged %s: compare with the console, and see targets, --region and --profile", kindText(kind), placesText(targets))
		}
		out = append(out, one)
	}
	return out, nil
}

// placesText says where was looked.
func placesText(targets []ingest.Target) string {
	var regions []string
	for _, t := range targets {
		if t.Region != "" && !slices.Contains(regions, t.Region) {
			regions = append(regions, t.Region)
		}
	}
	return "in " + strings.Join(regions, ", ")
}
