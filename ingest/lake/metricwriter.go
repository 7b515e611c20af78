package lake

import (
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// metricWriter writes tracks. It fills columns by runs, because everything but
// time and values repeats for every point of a series.
type metricWriter struct {
	*writer
	ts          longColumn
	period      intColumn
	labels      [numLabels]textColumn
	dims        dimsColumn
	stats       [NumStats]doubleColumn
	other       otherColumn
	fetched     longColumn
	provisional flagColumn
	names       []string // scratch: keys of other
	last        *track   // added last
}

// A row group of metrics ends where the names of the dimensions change, and
// where the metric does, once it has that many rows: what a query reads by is in
// the statistics of the row groups.
const (
	leastOfDimSet = 1024
	leastOfMetric = 24576
)

// label indexes the text columns of metrics.
type label int

const (
	account label = iota
	region
	subject
	namespace
	metric
	unit
	dimSet
	endpoint
	variant
	component
	host
	instanceID
	containerID
	acceleratorID
	numLabels
)

// labelNames are the columns of the labels; the named dimensions of SageMaker
// get columns of their own, so that queries need no map access.
func labelNames() [numLabels]string {
	return [numLabels]string{
		account: "account", region: "region", subject: "subject", namespace: "namespace", metric: "metric",
		unit: "unit", dimSet: "dim_set", endpoint: "endpoint", variant: "variant", component: "component",
		host: "host", instanceID: "instance_id", containerID: "container_id", acceleratorID: "accelerator_id",
	}
}

// statNames are the columns of the statistics.
func statNames() [NumStats]string {
	return [NumStats]string{
		SampleCount: "sample_count", Sum: "sum", Average: "average", Minimum: "minimum", Maximum: "maximum",
		P50: "p50", P90: "p90", P95: "p95", P99: "p99", P999: "p99_9",
	}
}

func newMetricWriter(out io.Writer, rows int, mem memory.Allocator) (*metricWriter, error) {
	w := blankMetricWriter()
	var err error
	w.writer, err = newWriter(out, w.order(), rows, mem)
	return w, err
}

// blankMetricWriter has columns and no file to write them into.
func blankMetricWriter() *metricWriter {
	w := &metricWriter{
		ts:          longColumn{name: "ts", stamp: true, levels: levels{need: required}},
		period:      intColumn{name: "period_s", levels: levels{need: required}},
		dims:        dimsColumn{name: "dims"},
		other:       otherColumn{name: "other"},
		fetched:     longColumn{name: "fetched_at", stamp: true, levels: levels{need: required}},
		provisional: flagColumn{name: "provisional"},
	}
	for i, name := range labelNames() {
		w.labels[i].name = name
	}
	for _, l := range []label{subject, namespace, metric, dimSet} {
		w.labels[l].need = required
	}
	for i, name := range statNames() {
		w.stats[i].name = name
	}
	return w
}

// order is the order of the columns in the file.
func (w *metricWriter) order() []column {
	out := []column{&w.ts, &w.period}
	for i := range w.labels {
		out = append(out, &w.labels[i])
		if label(i) == dimSet {
			out = append(out, &w.dims)
		}
	}
	for i := range w.stats {
		out = append(out, &w.stats[i])
	}
	return append(out, &w.other, &w.fetched, &w.provisional)
}

// add adds a series, over as many row groups as it takes.
func (w *metricWriter) add(t *track) error {
	if w.endsBefore(t) {
		if err := w.flush(); err != nil {
			return err
		}
	}
	w.last = t
	labels := t.labels()
	for from := 0; from < len(t.points); {
		n := min(len(t.points)-from, w.room())
		points := t.points[from : from+n]
		w.period.add(t.PeriodS, n)
		for i, text := range labels {
			w.labels[i].add(text, n)
		}
		w.dims.add(t.Dims, n)
		for i := range points {
			w.addPoint(&points[i], t.fetched[from+i])
		}
		for i := range w.stats {
			w.stats[i].addStat(points, Stat(i))
		}
		if err := w.filled(n); err != nil {
			return err
		}
		from += n
	}
	return nil
}

// endsBefore reports whether the row group at hand is to end before t.
func (w *metricWriter) endsBefore(t *track) bool {
	switch {
	case w.last == nil:
		return false
	case compareDimSets(w.last.Dims, t.Dims) != 0:
		return w.rows >= leastOfDimSet
	}
	return w.rows >= leastOfMetric && (w.last.Metric != t.Metric || w.last.Namespace != t.Namespace)
}

func (w *metricWriter) addPoint(p *Point, fetched int64) {
	w.ts.add(p.TS, 1)
	w.fetched.add(fetched, 1)
	w.provisional.add(p.Provisional)
	if len(p.Other) == 0 {
		w.other.empty(1)
		return
	}
	w.names = w.names[:0]
	for name, v := range p.Other {
		if utf8.ValidString(name) && !math.IsNaN(v) {
			w.names = append(w.names, name)
		}
	}
	slices.Sort(w.names)
	w.other.add(w.names, p.Other)
}

// labels are the series' text columns: its own and those taken from dimensions.
func (t *track) labels() [numLabels]string {
	out := [numLabels]string{
		account: t.Account, region: t.Region, subject: t.Subject,
		namespace: t.Namespace, metric: t.Metric, unit: t.Unit,
	}
	names := make([]string, len(t.Dims))
	for i, d := range t.Dims {
		names[i] = d.Name
		if l, ok := dimLabel(d.Name); ok {
			out[l] = d.Value
		}
	}
	out[dimSet] = strings.Join(names, ",")
	return out
}

// dimLabel is the column that a dimension has of its own. AWS documents
// AcceleratorId and its examples use GpuId for the same thing.
func dimLabel(name string) (label, bool) {
	switch name {
	case "EndpointName":
		return endpoint, true
	case "VariantName":
		return variant, true
	case "InferenceComponentName":
		return component, true
	case "Host":
		return host, true
	case "InstanceId":
		return instanceID, true
	case "ContainerId":
		return containerID, true
	case "AcceleratorId", "GpuId":
		return acceleratorID, true
	}
	return 0, false
}
