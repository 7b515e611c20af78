package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"sizewise/analyze/finding"
)

// Options say where a report goes and how it looks. The zero value writes
// report.md, figures and findings.json into the current directory, in UTC.
type Options struct {
	Dir  string         // made when it is not there; "" is the current directory
	HTML bool           // also write report.html, one file that needs no other
	Zone *time.Location // zone of the times shown; nil is UTC

	// Params are the parameters, as name=value, that make a named query show the
	// rows of this report. Nil takes endpoint, variant, start and end from the
	// set.
	Params []string
}

// The names of the files that Write makes beside the figures.
const (
	MarkdownFile = "report.md"
	FindingsFile = "findings.json"
	HTMLFile     = "report.html"
)

// Write renders the set into o.Dir: findings.json, the figures that the data
// allows, report.md, and report.html when asked. A file appears whole or not at
// all, and report.md and report.html come last, so that they never point at a
// picture that is not there. Figures and a report.html of an earlier report in
// the same directory that this one does not have are removed. Times are read
// from the set; the clock is not.
func Write(ctx context.Context, set finding.Set, o Options) error {
	dir := o.Dir
	if dir == "" {
		dir = "."
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the report's directory: %w", err)
	}
	var findings bytes.Buffer
	if err := finding.Encode(&findings, set); err != nil {
		return fmt.Errorf("rendering %s: %w", FindingsFile, err)
	}
	if err := writeFile(dir, FindingsFile, findings.Bytes()); err != nil {
		return err
	}
	s := newScribe(set, o)
	figures := s.figures()
	pictures, err := drawFigures(ctx, dir, figures)
	if err != nil {
		return err
	}
	markdown, err := s.markdown(figures)
	if err != nil {
		return fmt.Errorf("rendering %s: %w", MarkdownFile, err)
	}
	if err := writeFile(dir, MarkdownFile, markdown); err != nil {
		return err
	}
	if !o.HTML {
		return remove(dir, HTMLFile)
	}
	page, err := toHTML(markdown, s.plainTitle(), pictures)
	if err != nil {
		return fmt.Errorf("rendering %s: %w", HTMLFile, err)
	}
	return writeFile(dir, HTMLFile, page)
}

// drawFigures writes the pictures, as many at a time as there are cores, and
// returns them by name.
func drawFigures(ctx context.Context, dir string, figures map[string]figure) (map[string][]byte, error) {
	names, err := figureFiles(dir, figures)
	if err != nil {
		return nil, err
	}
	drawn, errs := make([][]byte, len(names)), make([]error, len(names))
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for i, name := range names {
		room <- struct{}{}
		wait.Go(func() {
			defer func() { <-room }()
			drawn[i], errs[i] = drawFigure(ctx, dir, name, figures[name])
		})
	}
	wait.Wait()
	pictures := map[string][]byte{}
	for i, name := range names {
		if drawn[i] != nil {
			pictures[name] = drawn[i]
		}
	}
	return pictures, errors.Join(errs...)
}

// figureFiles are the pictures to draw, and those that an earlier report may have
// left in dir.
func figureFiles(dir string, figures map[string]figure) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("looking for an earlier report's figures: %w", err)
	}
	names := append(figureNames(), slices.Sorted(maps.Keys(figures))...)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), chartPrefix) && strings.HasSuffix(e.Name(), ".png") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// drawFigure writes one picture and returns it, or takes away an earlier one
// where there is none now.
func drawFigure(ctx context.Context, dir, name string, f figure) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !f.Drawn() {
		return nil, remove(dir, name)
	}
	var b bytes.Buffer
	if err := f.Paint.WritePNG(&b); err != nil {
		return nil, fmt.Errorf("drawing %s: %w", name, err)
	}
	return b.Bytes(), writeFile(dir, name, b.Bytes())
}

// remove takes away a file of an earlier report, if there is one.
func remove(dir, name string) error {
	err := os.Remove(filepath.Join(dir, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing an earlier report's file: %w", err)
	}
	return nil
}
