package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sizewise/analyze"
	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/cmd/sizewise/config"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// night is one run of nightly.
type night struct {
	app    *app
	config config.Nightly
	flags  nightlyFlags
	wall   func() time.Time // goes on, whatever --at says
	end    time.Time        // of the day that is judged

	pulls   map[string]pulled // by subject
	usage   cloudwatch.Usage
	dearest float64 // USD, most that a subject took
	points  int64
	events  int64
	stopped string   // why not all subjects were asked; "" they were
	broken  []string // targets and lists that could not be asked

	found finding.Night
}

// run pulls, tidies, judges, writes and tells, in this order. What cannot be
// pulled does not stop the rest.
func (n *night) run(ctx context.Context) error {
	if err := cleanReports(n.config.Reports); err != nil {
		return err
	}
	n.pulls = map[string]pulled{}
	all, err := n.gather(ctx)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := n.judge(ctx, all); err != nil {
		return err
	}
	n.found.Gaps = n.gaps(all)
	if err := n.write(ctx, all); err != nil {
		return err
	}
	if err := n.tell(all); err != nil {
		return err
	}
	if err := n.pruneReports(); err != nil {
		return err
	}
	return n.outcome(all)
}

// gather pulls into the lake and tidies it. The lock on the lake is given back
// before anything is read from it.
func (n *night) gather(ctx context.Context) (all []watched, err error) {
	targets, err := n.targets(ctx)
	if err != nil {
		n.broken = append(n.broken, unreached(err))
	}
	for _, t := range targets {
		if t.Err != nil {
			n.broken = append(n.broken, oneLine(t.Name+": "+t.Err.Error()))
		}
	}
	l, err := n.app.createLake(ctx, n.app.con.now, n.flags.wait)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if err := n.keep(ctx, l); err != nil {
		return nil, err
	}
	known, err := n.known(ctx)
	if err != nil {
		return nil, err
	}
	all = n.subjects(ctx, targets, known)
	if len(targets) > 0 {
		if err := n.pull(ctx, l, targets, all); err != nil {
			return all, err
		}
	}
	if n.config.Compact && ctx.Err() == nil {
		if _, err := l.Compact(ctx); err != nil {
			return all, fmt.Errorf("tidying the lake: %w", err)
		}
	}
	return all, nil
}

// keptFrom is the first instant that the lake keeps.
func (n *night) keptFrom() time.Time {
	return n.end.Truncate(24*time.Hour).AddDate(0, 0, -n.config.KeepLake)
}

// keep prunes the lake before the night is judged, so that the same lake gives
// the same night.
func (n *night) keep(ctx context.Context, l *lake.Lake) error {
	if n.config.KeepLake == 0 {
		return nil
	}
	done, err := l.Prune(ctx, lake.PruneOptions{Before: n.keptFrom()})
	if err != nil {
		return fmt.Errorf("pruning the lake: %w", err)
	}
	if done.Files > 0 {
		n.app.note("%s older than %s removed from the lake", count(done.Rows, "row"), count(n.config.KeepLake, "day"))
	}
	return nil
}

// known are the subjects that the lake has, those too that only have log events
// and what SageMaker said of them.
func (n *night) known(ctx context.Context) ([]string, error) {
	info, err := lake.ReadInfo(ctx, n.config.Lake)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, set := range info.Datasets {
		if slices.Contains([]string{"metrics", "resources"}, set.Name) {
			out = append(out, set.Keys...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// judge compares the nights.
func (n *night) judge(ctx context.Context, all []watched) error {
	var names []string
	var others []analyze.NightOther
	for _, w := range all {
		switch {
		case w.subject.Kind != subject.Endpoint:
			others = append(others, analyze.NightOther{Subject: w.subject.Key(), Family: w.wish.Family, Found: w.found})
		case !slices.Contains(names, w.subject.Name):
			names = append(names, w.subject.Name)
		}
	}
	slices.Sort(names)
	p := newProgress(n.app.con, n.app.common.quiet)
	p.stage("nightly: comparing nights", 0, 0, "")
	defer p.clear()
	var err error
	n.found, err = analyze.Night(ctx, analyze.NightOptions{
		Lake: n.config.Lake, Endpoints: names, Others: others, End: n.end, Nights: n.config.Baseline, Tool: "sizewise " + release, MemoryLimit: "512MB",
	})
	return err
}

// options are those of a subject's own report.
func (n *night) options(w watched, one *finding.NightSubject) (analyze.Options, error) {
	objective, err := slo.Parse(w.wish.SLO)
	if err != nil {
		return analyze.Options{}, err
	}
	prices, err := readPrices(n.config.Prices)
	if err != nil {
		return analyze.Options{}, err
	}
	peak := math.NaN()
	if w.wish.PeakRPS > 0 {
		peak = w.wish.PeakRPS
	}
	start, end := n.end.Add(-24*time.Hour), n.end
	if w.subject.Kind.Job() {
		start, end = time.Time{}, time.Time{} // its own
	}
	return analyze.Options{
		Lake: n.config.Lake, Kind: string(w.subject.Kind), Name: w.subject.Name, Variant: w.subject.Variant,
		Region: one.Region, Account: one.Account,
		Start: start, End: end,
		SLO: objective, PeakRPS: peak, Growth: w.wish.Growth, TargetUtilization: w.wish.TargetUtilization, InstanceType: w.wish.InstanceType,
		Prices: prices, Today: n.end,
		Tool: "sizewise " + release, Threads: 1, MemoryLimit: "512MB", Logger: n.app.logger(),
	}, nil
}

// report is a subject's own set; ok is false when the lake cannot answer.
func (n *night) report(ctx context.Context, w watched, one *finding.NightSubject) (set finding.Set, ok bool, err error) {
	o, err := n.options(w, one)
	if err != nil {
		return set, false, err
	}
	if w.subject.Kind == subject.Endpoint && o.Variant == "" {
		_, o.Variant, _ = strings.Cut(strings.TrimPrefix(one.Subject, "endpoint/"), "/")
	}
	set, err = analyze.Run(ctx, o)
	var none *analyze.NoDataError
	var many *analyze.AmbiguousError
	var damaged *engine.DamagedError
	switch {
	case errors.As(err, &none), errors.As(err, &many):
		return set, false, nil
	case errors.As(err, &damaged):
		return set, false, err
	}
	return set, err == nil, err
}

// pageDir is the name of a subject's directory: letters, digits, points and
// dashes of its name, and its region where that tells it apart.
func pageDir(one *finding.NightSubject, several bool) string {
	name := one.Subject
	if several {
		name += "." + one.Region + "." + one.Account
	}
	return filepath.Base(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
			return r
		}
		return '-'
	}, name))
}
