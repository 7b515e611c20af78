package main

import (
	"fmt"
	"strings"
	"time"

	"sizewise/ingest/cloudwatch"
)

// maxSkew is how far off a clock may be: AWS refuses signatures that are more
// than five minutes old, and points younger than the settle time are judged by
// this clock.
const maxSkew = time.Minute

// accountHealth turns a probe of an account into diagnoses.
func accountHealth(p cloudwatch.ProbeResult) []diagnosis {
	who := diagnosis{Status: healthy, What: "credentials", Found: fmt.Sprintf("%s in %s", p.Caller, p.Region)}
	if p.Caller == "" {
		who = diagnosis{
			Status: unknown, What: "credentials", Found: "AWS did not say whose they are",
			Do: "aws sts get-caller-identity tells more",
		}
	}
	out := []diagnosis{who, clock(p)}
	for _, c := range p.Checks {
		out = append(out, permission(c))
	}
	for _, q := range p.Quotas {
		out = append(out, quota(q))
	}
	return out
}

func clock(p cloudwatch.ProbeResult) diagnosis {
	d := diagnosis{Status: healthy, What: "clock"}
	switch {
	case !p.SkewKnown:
		d.Status, d.Found = unknown, "no answer of AWS carried a date"
	case p.Skew.Abs() > maxSkew:
		d.Status = broken
		d.Found = offBy(p.Skew)
		d.Do = "set it, for example with timedatectl set-ntp true: AWS refuses requests that are signed more than five minutes off"
	default:
		d.Found = offBy(p.Skew)
	}
	return d
}

func offBy(skew time.Duration) string {
	switch {
	case skew.Abs() < 2*time.Second:
		return "agrees with AWS"
	case skew > 0:
		return fmt.Sprintf("%s ahead of AWS", skew)
	default:
		return fmt.Sprintf("%s behind AWS", -skew)
	}
}

// optional permissions leave a pull whole when they are missing.
func optional(action string) string {
	switch {
	case strings.HasPrefix(action, "servicequotas:"):
		return "only doctor uses it; quotas are taken for AWS's defaults"
	case strings.HasPrefix(action, "sagemaker:"):
		return "instance types and counts would be missing: give --instance-type and --instances to analyze"
	case action == "logs:StartQuery", action == "logs:GetQueryResults", action == "logs:StopQuery":
		return "only log groups of class INFREQUENT_ACCESS need it"
	case action == "logs:DescribeLogStreams":
		return "only the check of completeness needs it"
	case strings.HasPrefix(action, "logs:"):
		return "a pull would have metrics and no log events"
	}
	return ""
}

func permission(c cloudwatch.Check) diagnosis {
	d := diagnosis{Status: healthy, What: c.Action, Found: "allowed"}
	without := optional(c.Action)
	switch c.Outcome {
	case cloudwatch.Allowed:
	case cloudwatch.Denied:
		d.Status, d.Found = broken, "denied"
		d.Do = "allow it; sizewise doctor --policy prints the least policy for all of this"
		if without != "" {
			d.Status, d.Found = warned, "denied: "+without
		}
	default:
		d.Status, d.Found = unknown, c.Detail
	}
	return d
}

func quota(q cloudwatch.Quota) diagnosis {
	found := fmt.Sprintf("%s: %g a second", q.Name, q.Value)
	if q.Adjustable {
		found += ", AWS raises it on request"
	}
	return diagnosis{Status: healthy, What: "quota " + q.Code, Found: found}
}
