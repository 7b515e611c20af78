package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// drawFigures writes the pictures and returns them by name.
func drawFigures(ctx context.Context, dir string, figures map[string]figure) (map[string][]byte, error) {
	pictures := map[string][]byte{}
	for _, name := range figureNames() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f := figures[name]
		if !f.Drawn() {
			if err := remove(dir, name); err != nil {
				return nil, err
			}
			continue
		}
		var b bytes.Buffer
		if err := f.Paint.WritePNG(&b); err != nil {
			return nil, fmt.Errorf("drawing %s: %w", name, err)
		}
		if err := writeFile(dir, name, b.Bytes()); err != nil {
			return nil, err
		}
		pictures[name] = b.Bytes()
	}
	return pictures, nil
}

// remove takes away a file of an earlier report, if there is one.
func remove(dir, name string) error {
	err := os.Remove(filepath.Join(dir, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing an earlier report's file: %w", err)
	}
	return nil
}
