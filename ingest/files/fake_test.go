package files

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"sizewise/ingest/lake"
)

// memory is a lake that merges by row key, as the real one does.
type memory struct {
	points    map[string]lake.Point
	logs      map[string]lake.Log
	resources map[string]lake.Resource
	requests  map[string]lake.Request
	entries   map[string]lake.Entry
	puts      int
}

func newMemory() *memory {
	return &memory{
		points: map[string]lake.Point{}, logs: map[string]lake.Log{},
		resources: map[string]lake.Resource{}, requests: map[string]lake.Request{}, entries: map[string]lake.Entry{},
	}
}

func (m *memory) PutMetrics(_ context.Context, subject string, data []lake.SeriesPoints) (added, changed int64, err error) {
	m.puts++
	for _, sp := range data {
		if sp.Series.Subject != subject || sp.Series.PeriodS == 0 {
			return 0, 0, fmt.Errorf("series %+v put for %s", sp.Series, subject)
		}
		for _, p := range sp.Points {
			key := fmt.Sprint(sp.Series, p.TS)
			old, ok := m.points[key]
			if ok {
				p = mergePoint(old, p)
			}
			switch {
			case !ok:
				added++
			case !samePoint(old, p):
				changed++
			}
			m.points[key] = p
		}
	}
	return added, changed, nil
}

func samePoint(a, b lake.Point) bool {
	for i := range a.Stats {
		if a.Stats[i] != b.Stats[i] && !(math.IsNaN(a.Stats[i]) && math.IsNaN(b.Stats[i])) {
			return false
		}
	}
	return maps.Equal(a.Other, b.Other)
}

func (m *memory) PutLogs(_ context.Context, group string, events []lake.Log) (added int64, err error) {
	m.puts++
	for _, e := range events {
		key := strings.Join([]string{group, e.LogStream, fmt.Sprint(e.TS), e.EventID}, " ")
		if _, ok := m.logs[key]; !ok {
			added++
		}
		m.logs[key] = e
	}
	return added, nil
}

func (m *memory) PutResources(_ context.Context, subject string, rows []lake.Resource) error {
	for _, r := range rows {
		r.Subject = subject
		m.resources[strings.Join([]string{subject, r.Kind, r.Name, r.Attribute, r.AsOf.Format(time.RFC3339Nano)}, " ")] = r
	}
	return nil
}

func (m *memory) ImportRequests(_ context.Context, subject string, rows []lake.Request) (added, changed int64, err error) {
	m.puts++
	for _, r := range rows {
		if r.Subject != subject {
			return 0, 0, fmt.Errorf("request %+v put for %s", r, subject)
		}
		key := fmt.Sprint(r.Source, " ", r.TS, " ", r.Seq)
		switch old, ok := m.requests[key]; {
		case !ok:
			added++
		case old != r:
			changed++
		}
		m.requests[key] = r
	}
	return added, changed, nil
}

func (m *memory) Entries(_ context.Context, subject string, _, _ time.Time) (out []lake.Entry, err error) {
	for _, k := range slices.Sorted(maps.Keys(m.entries)) {
		if e := m.entries[k]; e.Subject == subject {
			out = append(out, e)
		}
	}
	return out, nil
}

func (m *memory) Record(_ context.Context, entries ...lake.Entry) error {
	for _, e := range entries {
		m.entries[e.Chunk] = e
	}
	return nil
}

// dump is everything in m, sorted, for comparing.
func (m *memory) dump() string {
	var out []string
	for k, v := range m.points {
		out = append(out, fmt.Sprint("point ", k, v))
	}
	for k, v := range m.logs {
		out = append(out, fmt.Sprint("log ", k, v))
	}
	for k, v := range m.resources {
		out = append(out, fmt.Sprint("fact ", k, v))
	}
	for k, v := range m.requests {
		out = append(out, fmt.Sprint("request ", k, v))
	}
	for k, v := range m.entries {
		out = append(out, fmt.Sprint("entry ", k, v))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func clock() time.Time { return time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC) }
