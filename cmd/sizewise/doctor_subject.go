package main

import (
	"context"
	"errors"
	"fmt"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// examineSubject looks at how a subject publishes metrics and keeps logs. The
// error is not nil only when the context ended.
func examineSubject(ctx context.Context, c *cloudwatch.Client, s subject.Subject) ([]diagnosis, error) {
	var out []diagnosis
	if r, ok := ingest.Resource(s); ok {
		d, _, err := c.Describe(ctx, r)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("describing %s: %w", s, ctx.Err())
		}
		out = append(out, described(s, d, err))
		if err == nil && s.Kind == subject.Endpoint {
			out = append(out, settings(s, d)...)
		}
	}
	for _, g := range s.LogGroups() {
		group, _, err := c.Group(ctx, g.Name)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("describing the log group of %s: %w", s, ctx.Err())
		}
		out = append(out, logGroup(s, g.Name, group, err))
	}
	return out, nil
}

func described(s subject.Subject, d cloudwatch.Description, err error) diagnosis {
	out := diagnosis{Status: healthy, What: s.String(), Found: d.Status}
	switch {
	case errors.Is(err, cloudwatch.ErrNotFound):
		out.Status = warned
		out.Found = "SageMaker does not know it; metrics and logs of what is deleted stay for 15 months"
		out.Do = "check name, region and account, or go on by name and window"
	case err != nil:
		out.Status, out.Found = unknown, oneLine(err.Error())
	case d.Status == "":
		out.Found = "known to SageMaker"
	}
	return out
}

// settings says what an endpoint's MetricsConfig means for a pull.
func settings(s subject.Subject, d cloudwatch.Description) []diagnosis {
	out := diagnosis{Status: healthy, What: s.String() + " metrics"}
	seconds := d.PublishSeconds
	if seconds == 0 {
		seconds = 60
	}
	what := "utilization"
	if d.Enhanced {
		what = "utilization and invocation metrics"
	}
	out.Found = fmt.Sprintf("%s every %d s", what, seconds)
	switch {
	case seconds < 60:
		out.Found += "; CloudWatch keeps points of less than a minute for three hours"
		out.Do = "pull within three hours of a test, or they are left in minutes"
	case seconds > 60:
		out.Status = warned
		out.Found += "; a load step shorter than some of these periods cannot be seen"
		out.Do = "set MetricsConfig.MetricPublishFrequencyInSeconds to 60 or 10 in the endpoint's configuration before the next test"
	}
	all := []diagnosis{out}
	if !d.Enhanced {
		all = append(all, diagnosis{
			Status: healthy, What: s.String() + " instances",
			Found: "metrics of single instances are off: a slow one shows only in the fleet's spread",
			Do:    "set MetricsConfig.EnableEnhancedMetrics in the endpoint's configuration to see them",
		})
	}
	return all
}

func logGroup(s subject.Subject, name string, g cloudwatch.LogGroup, err error) diagnosis {
	d := diagnosis{Status: healthy, What: s.String() + " logs", Found: fmt.Sprintf("%s of class %s", name, g.Class)}
	switch {
	case errors.Is(err, cloudwatch.ErrNotFound):
		d.Status, d.Found = warned, name+" does not exist: nothing has been logged yet, or it was deleted"
	case err != nil:
		d.Status, d.Found = unknown, oneLine(err.Error())
	case g.Class == "INFREQUENT_ACCESS":
		d.Status = warned
		d.Found += ": it can be read only by Logs Insights, at 0.005 USD a GB scanned"
	case g.Class != "" && g.Class != "STANDARD":
		d.Status = broken
		d.Found += ": it cannot be read"
		d.Do = "the class of a group cannot be changed: import its events from where it delivers them"
	case g.RetentionDays > 0 && g.RetentionDays < 7:
		d.Status = warned
		d.Found += fmt.Sprintf("; events are kept for %s", count(int(g.RetentionDays), "day"))
		d.Do = "pull before they are gone, or keep them longer"
	}
	return d
}
