package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"sizewise/analyze/finding"
	"sizewise/cmd/sizewise/config"
	"sizewise/report"
)

// The names that nightly uses in the directory of reports.
const (
	nightMark  = ".sizewise-nightly" // in every directory that nightly made itself
	nightTemp  = ".new-"             // prefix of one being made
	nightOld   = ".old-"             // prefix of one being replaced
	nightPages = 2                   // pages that are made at once
)

// cleanReports takes away what a killed run left, and brings back what it was
// about to replace.
func cleanReports(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("reading the directory of reports: %w", err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		date, old := strings.CutPrefix(e.Name(), nightOld)
		switch {
		case strings.HasPrefix(e.Name(), nightTemp):
			err = os.RemoveAll(path)
		case old && !exists(filepath.Join(dir, date)):
			err = os.Rename(path, filepath.Join(dir, date))
		case old:
			err = os.RemoveAll(path)
		}
		if err != nil {
			return fmt.Errorf("tidying the directory of reports: %w", err)
		}
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// write makes the night's directory beside its place and moves it there whole.
func (n *night) write(ctx context.Context, all []watched) (err error) {
	zone, err := n.app.location()
	if err != nil {
		return err
	}
	place := filepath.Join(n.config.Reports, n.date())
	if exists(place) && !exists(filepath.Join(place, nightMark)) {
		return fmt.Errorf("%s is there and was not made by nightly: move it away", place)
	}
	temp := filepath.Join(n.config.Reports, nightTemp+n.date())
	if err := os.Mkdir(temp, 0o755); err != nil {
		return fmt.Errorf("making the night's directory: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	if err := os.WriteFile(filepath.Join(temp, nightMark), []byte("made by sizewise nightly, which removes it when it is old\n"), 0o644); err != nil {
		return fmt.Errorf("marking the night's directory: %w", err)
	}
	if err := n.pages(ctx, temp, all, zone); err != nil {
		return err
	}
	if err := report.WriteNight(ctx, n.found, report.Options{Dir: temp, Zone: zone}); err != nil {
		return fmt.Errorf("writing the night: %w", err)
	}
	return n.moveIn(temp, place)
}

// moveIn puts a directory into its place, in the stead of an earlier run's.
func (n *night) moveIn(temp, place string) error {
	old := filepath.Join(n.config.Reports, nightOld+n.date())
	if exists(place) {
		if err := os.Rename(place, old); err != nil {
			return fmt.Errorf("replacing the night's report: %w", err)
		}
	}
	if err := os.Rename(temp, place); err != nil {
		return fmt.Errorf("moving the night's report in: %w", err)
	}
	if err := os.RemoveAll(old); err != nil {
		return fmt.Errorf("removing the replaced report: %w", err)
	}
	return syncDir(n.config.Reports)
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("syncing %s: %w", dir, err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// page is one report to make.
type page struct {
	watched
	at  *finding.NightSubject
	dir string
}

// pages writes the subjects' own reports and puts what they say into the night.
func (n *night) pages(ctx context.Context, temp string, all []watched, zone *time.Location) error {
	list := n.pageList(all)
	p := newProgress(n.app.con, n.app.common.quiet)
	defer p.clear()
	errs := make([]error, len(list))
	room := make(chan struct{}, nightPages)
	var wait sync.WaitGroup
	for i := range list {
		room <- struct{}{}
		p.stage("nightly: reports", int64(i), int64(len(list)), "subjects")
		wait.Go(func() {
			defer func() { <-room }()
			errs[i] = n.page(ctx, temp, &list[i], zone)
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// pageList pairs the night's subjects with what is wanted of them. What failed
// has a page in any case: it says why.
func (n *night) pageList(all []watched) []page {
	homes := map[string]int{}
	for _, s := range n.found.Subjects {
		homes[s.Subject]++
	}
	var out []page
	for i := range n.found.Subjects {
		one := &n.found.Subjects[i]
		failed := slices.ContainsFunc(one.Changes, func(c finding.Change) bool { return c.Kind == finding.ChangeFailure })
		if !failed && (n.config.Pages == config.NoPages || n.config.Pages == config.ChangedPages && len(one.Changes) == 0) {
			continue
		}
		j := slices.IndexFunc(all, func(w watched) bool { return one.Subject == w.subject.String() || one.Subject == w.subject.Key() })
		if j < 0 {
			j = slices.IndexFunc(all, func(w watched) bool { return strings.HasPrefix(one.Subject, w.subject.Key()+"/") })
		}
		if j >= 0 && one.Status != finding.NightAbsent {
			out = append(out, page{all[j], one, pageDir(one, homes[one.Subject] > 1)})
		}
	}
	return out
}

func (n *night) page(ctx context.Context, temp string, p *page, zone *time.Location) error {
	set, ok, err := n.report(ctx, p.watched, p.at)
	if err != nil {
		return fmt.Errorf("judging %s: %w", p.subject, err)
	}
	if !ok {
		if p.at.Hours == 0 && p.at.Run == nil {
			p.at.Status, p.at.Why = finding.NightAbsent, "the lake has nothing of it in this day"
		}
		return nil
	}
	dir := filepath.Join(temp, p.dir)
	if err := report.Write(ctx, set, report.Options{Dir: dir, Zone: zone}); err != nil {
		return fmt.Errorf("writing the report of %s: %w", p.subject, err)
	}
	p.at.Verdict, p.at.Page = set.Verdict, p.dir
	return nil
}

// pruneReports removes directories of nights that are older than the
// configuration keeps, and that nightly made itself.
func (n *night) pruneReports() error {
	if n.config.KeepPages == 0 {
		return nil
	}
	entries, err := os.ReadDir(n.config.Reports)
	if err != nil {
		return fmt.Errorf("reading the directory of reports: %w", err)
	}
	before := n.end.AddDate(0, 0, -n.config.KeepPages)
	for _, e := range entries {
		at, err := time.Parse("2006-01-02", e.Name())
		path := filepath.Join(n.config.Reports, e.Name())
		if err != nil || !e.IsDir() || !at.Before(before) || !exists(filepath.Join(path, nightMark)) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("removing an old report: %w", err)
		}
	}
	return nil
}
