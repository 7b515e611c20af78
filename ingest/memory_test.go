package ingest

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"sizewise/ingest/lake"
)

// memory is a lake in memory with the merge rules of the real one.
type memory struct {
	metrics   map[string]string
	logs      map[string]string
	resources map[string]string
	requests  map[string]lake.Request
	ledger    map[string]lake.Entry
}

func newMemory() *memory {
	return &memory{
		metrics: map[string]string{}, logs: map[string]string{}, resources: map[string]string{},
		requests: map[string]lake.Request{}, ledger: map[string]lake.Entry{},
	}
}

func (m *memory) PutMetrics(ctx context.Context, name string, data []lake.SeriesPoints) (added, changed int64, err error) {
	for _, s := range data {
		for _, p := range s.Points {
			if err := ctx.Err(); err != nil {
				return added, changed, err
			}
			key := fmt.Sprint(name, s.Series, p.TS)
			row := fmt.Sprint(p.Stats, p.Provisional)
			switch old, ok := m.metrics[key]; {
			case !ok:
				added++
			case old != row:
				changed++
			}
			m.metrics[key] = row
		}
	}
	return added, changed, nil
}

func (m *memory) MergeLogs(_ context.Context, group string, batches iter.Seq[[]lake.Log]) (added int64, err error) {
	for events := range batches {
		for _, e := range events {
			key := fmt.Sprint(group, e.LogStream, e.TS, e.EventID)
			if _, ok := m.logs[key]; !ok {
				added++
			}
			m.logs[key] = fmt.Sprint(e)
		}
		clear(events) // they are the lake's
	}
	return added, nil
}

func (m *memory) MergeRequests(_ context.Context, name string, batches iter.Seq[[]lake.Request]) (added int64, err error) {
	for rows := range batches {
		for _, r := range rows {
			key := fmt.Sprint(name, r.Source, r.TS, r.Seq)
			if _, ok := m.requests[key]; !ok {
				added++
			}
			m.requests[key] = r
		}
		clear(rows) // they are the lake's
	}
	return added, nil
}

func (m *memory) PutResources(_ context.Context, name string, rows []lake.Resource) error {
	for _, r := range rows {
		m.resources[fmt.Sprint(name, r.Kind, r.Name, r.Attribute, r.AsOf)] = r.Value
	}
	return nil
}

func (m *memory) Record(_ context.Context, entries ...lake.Entry) error {
	for _, e := range entries {
		old, ok := m.ledger[e.Chunk]
		if ok && !old.Start.Equal(e.Start) {
			return fmt.Errorf("chunk %q moved", e.Chunk)
		}
		old.FetchedAt = e.FetchedAt
		if !ok || old != e {
			m.ledger[e.Chunk] = e
		}
	}
	return nil
}

func (m *memory) Entries(_ context.Context, name string, start, end time.Time) ([]lake.Entry, error) {
	var out []lake.Entry
	for _, e := range m.ledger {
		if e.Subject == name && e.Start.Before(end) && e.End.After(start) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b lake.Entry) int { return cmp.Compare(a.Chunk, b.Chunk) })
	return out, nil
}

// rows are metric and log rows, for comparing lakes.
func (m *memory) rows() map[string]string {
	out := maps.Clone(m.metrics)
	maps.Copy(out, m.logs)
	return out
}

// status finds the status of the only ledger row whose key holds all parts.
func (m *memory) status(t *testing.T, parts ...string) lake.Entry {
	t.Helper()
	var found []lake.Entry
	for key, e := range m.ledger {
		if !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(key, p) }) {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d ledger rows match %q, want 1; there are %v", len(found), parts, slices.Sorted(maps.Keys(m.ledger)))
	}
	return found[0]
}
