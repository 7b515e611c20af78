package files

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sizewise/ingest/lake"
)

// The console's Actions, Download as .csv writes a column per line of the graph,
// headed by rows Id, StatusCode, Messages, Full label and Label, and then a row
// per time, 2026/02/14 14:20:00 and the values. AWS does not document it; the
// shape is as users of it describe. The full label names the metric:
// REGION:NAMESPACE Dim:Value ... METRIC STATISTIC PERIOD. A column whose full
// label reads otherwise is looked up by its Id among the queries of the import.

// maxColumns bounds the lines of one graph; the console draws 500.
const maxColumns = 2000

// column is one line of the graph.
type column struct {
	id, label, full, status string
	series                  *lake.Series
	stat                    string
	reason                  string // why its values are left out
	waits                   *Result
}

// consoleReader turns rows into points.
type consoleReader struct {
	d       *decoder
	columns []column
	body    bool // the heading is behind
	yield   func(Record) bool
	metric  Metric
	rows    int
}

// looksConsole says whether the first row is one that heads the console's CSV.
func looksConsole(head []byte) bool {
	line, rest, _ := bytes.Cut(head, []byte("\n"))
	first, _, ok := strings.Cut(strings.ReplaceAll(string(line[:min(len(line), 200)]), `"`, ""), ",")
	if !ok {
		return false
	}
	if first == "Full label" {
		return true
	}
	return (first == "Id" || first == "Label") &&
		(bytes.Contains(rest, []byte("StatusCode")) || bytes.Contains(rest, []byte("Full label")) || bytes.Contains(rest, []byte("Label")))
}

// runConsole reads a CSV of the console.
func (d *decoder) runConsole(ctx context.Context, in *input, yield func(Record) bool) error {
	c := &consoleReader{d: d, yield: yield}
	src := newLines(in)
	for n := 0; ; n++ {
		if n&255 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, at, long, err := src.next()
		if err != nil {
			return c.end(err)
		}
		if at.line == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		reason := ""
		if long {
			reason = "line is longer than " + size(d.o.lineLimit())
		} else if cells, err := cellsOf(line); err != nil {
			reason = "CSV: " + err.Error()
		} else if len(cells) > 0 {
			var more bool
			if reason, more = c.row(cells, at); !more {
				return nil
			}
		}
		if reason != "" && !c.bad(at, reason) {
			return nil
		}
	}
}

// cellsOf cuts one line. A quoted cell must end on its line.
func cellsOf(line []byte) ([]string, error) {
	if len(bytes.TrimSpace(line)) == 0 {
		return nil, nil
	}
	r := csv.NewReader(bytes.NewReader(line))
	r.FieldsPerRecord = -1
	cells, err := r.Read()
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		err = bad.Err
	}
	return cells, err
}

func (c *consoleReader) bad(at place, reason string) bool {
	return c.yield(&Malformed{File: c.d.name, Line: at.line, Offset: at.offset, Reason: reason})
}

// end hands out the columns that wait for their queries.
func (c *consoleReader) end(err error) error {
	for i := range c.columns {
		if w := c.columns[i].waits; w != nil && len(w.TS) > 0 && !c.yield(w) {
			return nil
		}
	}
	switch {
	case !errors.Is(err, io.EOF):
		return &FileError{File: c.d.name, Kept: c.d.kept, Err: err}
	case len(c.columns) == 0:
		return &FileError{File: c.d.name, Err: &ShapeError{Found: "a CSV without the heading that the CloudWatch console writes"}}
	}
	return nil
}

// row reads one row: of the heading, or of values.
func (c *consoleReader) row(cells []string, at place) (reason string, more bool) {
	ts, ok := c.time(cells[0])
	if !ok {
		if c.body {
			return fmt.Sprintf("%.40q is not a time such as 2026/02/14 14:20:00", cells[0]), true
		}
		return c.heading(cells), true
	}
	if !c.body {
		c.body = true
		if reason, more := c.settle(at); reason != "" || !more {
			return reason, more
		}
	}
	for i, cell := range cells[1:min(len(cells), len(c.columns)+1)] {
		if cell = strings.TrimSpace(cell); cell == "" || c.columns[i].reason != "" {
			continue
		}
		v, err := strconv.ParseFloat(cell, 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return fmt.Sprintf("column %d: %.40q is not a number", i+2, cell), true
		}
		c.d.kept++
		if !c.value(&c.columns[i], ts, v) {
			return "", false
		}
	}
	if len(cells)-1 > len(c.columns) {
		return fmt.Sprintf("%d values under a heading of %d", len(cells)-1, len(c.columns)), true
	}
	return "", true
}

// value takes one value.
func (c *consoleReader) value(col *column, ts int64, v float64) bool {
	if col.waits != nil {
		if len(col.waits.TS) < maxWaiting {
			col.waits.TS, col.waits.Values = append(col.waits.TS, ts), append(col.waits.Values, v)
		}
		return true
	}
	pt := &c.metric.Point
	clearPoint(pt)
	c.metric.Series, pt.TS = col.series, ts
	if stat, ok := statOf(col.stat); ok {
		pt.Stats[stat] = v
	} else {
		pt.Other = map[string]float64{col.stat: v}
	}
	return c.yield(&c.metric)
}

// heading takes a row of the heading.
func (c *consoleReader) heading(cells []string) string {
	if len(cells)-1 > maxColumns {
		return fmt.Sprintf("more than %d columns", maxColumns)
	}
	for len(c.columns) < len(cells)-1 {
		c.columns = append(c.columns, column{})
	}
	if c.rows++; c.rows > 20 {
		return "a heading of more than 20 rows"
	}
	for i, cell := range cells[1:] {
		switch col := &c.columns[i]; strings.TrimSpace(cells[0]) {
		case "Id":
			col.id = cell
		case "Label":
			col.label = cell
		case "Full label":
			col.full = cell
		case "StatusCode":
			col.status = cell
		}
	}
	return ""
}

// settle finds out, at the end of the heading, what the columns are.
func (c *consoleReader) settle(at place) (reason string, more bool) {
	for i := range c.columns {
		col := &c.columns[i]
		err := c.name(col)
		if err != nil && col.id != "" {
			col.waits = &Result{ID: col.id, Label: col.label, Status: col.status, Line: at.line, Offset: at.offset}
			continue
		}
		if err == nil && col.status != "" && col.status != "Complete" {
			if !c.yield(&Note{
				File: c.d.name, Line: at.line, kind: col.status,
				Reason: fmt.Sprintf("column %d: status is %.40s: points are missing", i+2, col.status),
			}) {
				return "", false
			}
			continue
		}
		if err != nil {
			col.reason = err.Error()
			if !c.bad(at, fmt.Sprintf("column %d: %s", i+2, col.reason)) {
				return "", false
			}
		}
	}
	if len(c.columns) == 0 {
		return "values without a heading", true
	}
	return "", true
}

var regionRule = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d+$`)

// name reads a full label.
func (c *consoleReader) name(col *column) error {
	words := strings.Fields(col.full)
	if len(words) < 4 {
		return fmt.Errorf("full label %.80q does not name a metric", col.full)
	}
	region, namespace, ok := strings.Cut(words[0], ":")
	period, err := strconv.Atoi(words[len(words)-1])
	if !ok || err != nil || !regionRule.MatchString(region) || namespace == "" || period < 1 || period > 86400*365 {
		return fmt.Errorf("full label %.80q does not name a metric", col.full)
	}
	metric, stat := words[len(words)-3], words[len(words)-2]
	var dims []lake.Dim
	for _, w := range words[1 : len(words)-3] {
		name, value, ok := strings.Cut(w, ":")
		if !ok || name == "" || value == "" {
			return fmt.Errorf("full label %.80q has %.40q where Dimension:Value must stand", col.full, w)
		}
		dims = append(dims, lake.Dim{Name: name, Value: value})
	}
	f := fields{region: []byte(region), namespace: []byte(namespace), metric: []byte(metric)}
	col.series, err = c.d.metricSeries(&f, dims, int32(period)) //nolint:gosec // checked above
	col.stat = stat
	return err
}

// time reads a row's time, microseconds.
func (c *consoleReader) time(cell string) (int64, bool) {
	zone := c.d.o.Zone
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range [...]string{"2006/01/02 15:04:05", "2006-01-02 15:04:05", "2006/01/02 15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, strings.TrimSpace(cell), zone); err == nil && inRange(t) {
			return t.UnixMicro(), true
		}
	}
	return 0, false
}
