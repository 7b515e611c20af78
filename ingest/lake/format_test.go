package lake

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// describe is the Arrow schema of a file, one line a column.
func describe(t *testing.T, path string) string {
	t.Helper()
	pq, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer pq.Close()
	r, err := pqarrow.NewFileReader(pq, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := r.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range schema.Fields() {
		fmt.Fprintf(&b, "%s %s null=%t\n", f.Name, f.Type, f.Nullable)
	}
	return b.String()
}

func TestMetricsSchema(t *testing.T) {
	l := open(t)
	mustPutMetrics(t, l, series(sum(at(10, 0), 1, false)))
	same(t, describe(t, l.dayPath("metrics", at(0, 0)/dayMicros, "endpoint/x")), `ts timestamp[us] null=false
period_s int32 null=false
account utf8 null=true
region utf8 null=true
subject utf8 null=false
namespace utf8 null=false
metric utf8 null=false
unit utf8 null=true
dim_set utf8 null=false
dims map<utf8, utf8, items_non_nullable> null=false
endpoint utf8 null=true
variant utf8 null=true
component utf8 null=true
host utf8 null=true
instance_id utf8 null=true
container_id utf8 null=true
accelerator_id utf8 null=true
sample_count float64 null=true
sum float64 null=true
average float64 null=true
minimum float64 null=true
maximum float64 null=true
p50 float64 null=true
p90 float64 null=true
p95 float64 null=true
p99 float64 null=true
p99_9 float64 null=true
other map<utf8, float64, items_non_nullable> null=false
fetched_at timestamp[us] null=false
provisional bool null=false
`)
}

func TestLogsSchema(t *testing.T) {
	l := open(t)
	mustPutLogs(t, l, []Log{{TS: at(10, 0)}})
	same(t, describe(t, l.dayPath("logs", at(0, 0)/dayMicros, "group")), `ts timestamp[us] null=false
ingested_at timestamp[us] null=true
account utf8 null=true
region utf8 null=true
subject utf8 null=true
log_group utf8 null=false
log_stream utf8 null=true
event_id utf8 null=true
seq int64 null=false
message utf8 null=false
level utf8 null=true
logger utf8 null=true
thread utf8 null=true
skeleton utf8 null=true
exception utf8 null=true
request_id utf8 null=true
parser utf8 null=true
`)
}

// TestRowGroupsAndEncodings writes more rows than a row group takes.
func TestRowGroupsAndEncodings(t *testing.T) {
	t.Parallel()
	l := open(t)
	events := make([]Log, groupRows+5)
	for i := range events {
		events[i] = Log{TS: at(0, 0) + int64(i), EventID: fmt.Sprint(i), Message: "m", Level: "INFO"}
	}
	mustPutLogs(t, l, events)
	if got := scanDay(t, l, logTable(), at(0, 0), "group"); len(got) != len(events) {
		t.Errorf("read %d rows, want %d", len(got), len(events))
	}
	pq, err := file.OpenParquetFile(l.dayPath("logs", at(0, 0)/dayMicros, "group"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer pq.Close()
	if n := pq.NumRowGroups(); n != 2 || pq.RowGroup(0).NumRows() != groupRows {
		t.Errorf("%d row groups, the first of %d rows", n, pq.RowGroup(0).NumRows())
	}
	for column, want := range map[string]parquet.Encoding{
		"ts": parquet.Encodings.DeltaBinaryPacked, "level": parquet.Encodings.PlainDict, "message": parquet.Encodings.Plain,
	} {
		c := columnMeta(t, pq, column)
		if c.Compression() != compress.Codecs.Zstd {
			t.Errorf("column %s is compressed with %s", column, c.Compression())
		}
		if !slices.Contains(c.Encodings(), want) && (want != parquet.Encodings.PlainDict || !c.HasDictionaryPage()) {
			t.Errorf("column %s has encodings %v, want %v", column, c.Encodings(), want)
		}
		if set, err := c.StatsSet(); err != nil || set == (column == "message") {
			t.Errorf("column %s has statistics: %t, %v", column, set, err)
		}
	}
}

func columnMeta(t *testing.T, pq *file.Reader, column string) *metadata.ColumnChunkMetaData {
	t.Helper()
	c, err := pq.RowGroup(0).MetaData().ColumnChunk(pq.MetaData().Schema.ColumnIndexByName(column))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestMergeIntoManyRowGroups puts rows that touch one row group, another one,
// and the gap before all.
func TestMergeIntoManyRowGroups(t *testing.T) {
	t.Parallel()
	l := open(t)
	events := make([]Log, groupRows+5)
	for i := range events {
		events[i] = Log{LogGroup: "group", TS: at(0, 0) + 10 + int64(i), Message: "m"}
	}
	mustPutLogs(t, l, events)
	for _, c := range []struct {
		event Log
		added int64
	}{
		{events[3], 0},
		{events[groupRows+3], 0},
		{Log{LogGroup: "group", TS: events[3].TS, EventID: "new", Message: "m"}, 1},
		{Log{LogGroup: "group", TS: at(0, 0), Message: "m"}, 1},
		{Log{LogGroup: "group", TS: events[groupRows+3].TS, Message: "changed"}, 0},
	} {
		if n := mustPutLogs(t, l, []Log{c.event}); n != c.added {
			t.Errorf("added %d, want %d, for %v", n, c.added, c.event)
		}
		if c.event.EventID != "" || c.event.TS < events[0].TS {
			events = append(events, c.event)
		}
	}
	events[groupRows+3].Message = "changed"
	slices.SortFunc(events, func(a, b Log) int { return compareLogs(&a, &b) })
	if got := scanDay(t, l, logTable(), at(0, 0), "group"); !slices.Equal(got, events) {
		t.Errorf("%d rows differ from %d", len(got), len(events))
	}
}

// TestStatisticsCoverEmptyText guards pruning: a minimum above the empty string
// would make readers skip rows that have no dimensions.
func TestStatisticsCoverEmptyText(t *testing.T) {
	l := open(t)
	data := series(sum(at(10, 0), 1, false))
	with := series(sum(at(10, 0), 1, false))
	with[0].Series.Dims = []Dim{{"EndpointName", "x"}}
	mustPutMetrics(t, l, append(data, with...))
	mustPutLogs(t, l, []Log{{TS: 1}, {TS: 2, Message: "m"}})
	for path, column := range map[string]string{
		l.dayPath("metrics", at(0, 0)/dayMicros, "endpoint/x"): "dim_set",
		l.dayPath("logs", 0, "group"):                          "message",
	} {
		pq, err := file.OpenParquetFile(path, false)
		if err != nil {
			t.Fatal(err)
		}
		stats, err := columnMeta(t, pq, column).Statistics()
		if err != nil {
			t.Fatal(err)
		}
		if stats != nil && stats.HasMinMax() && len(stats.EncodeMin()) > 0 {
			t.Errorf("minimum of %s is %q, want the empty string or none", column, stats.EncodeMin())
		}
		if err := pq.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestHighCardinality takes every text column past its dictionary.
func TestHighCardinality(t *testing.T) {
	l := open(t)
	events := make([]Log, 300)
	for i := range events {
		long := strings.Repeat(fmt.Sprint(i, " "), 2000)
		events[i] = Log{LogGroup: "group", TS: at(0, 0) + int64(i), Message: long, Skeleton: long, Thread: long}
		if i%3 == 0 {
			events[i].Skeleton = ""
		}
	}
	mustPutLogs(t, l, events)
	same(t, scanDay(t, l, logTable(), at(0, 0), "group"), events)
}

func TestCatalog(t *testing.T) {
	l := open(t)
	rows := []CatalogRow{
		{Namespace: "b", Metric: "m", Unit: "None", Stats: "Sum", DimSets: "A;A,B", Kind: "count", Better: "none", About: "One.", Source: "docs"},
		{Namespace: "a", Metric: "m"},
	}
	for range 2 {
		if err := l.PutCatalog(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]bool{}
	err := scan(t.Context(), table[CatalogRow]{fields: catalogFields}, l.dir+"/catalog.parquet", everything(), func(r *CatalogRow) error {
		got[fmt.Sprint(*r)] = true
		return nil
	})
	want := map[string]bool{fmt.Sprint(rows[0]): true, fmt.Sprint(rows[1]): true}
	if err != nil {
		t.Error(err)
	}
	same(t, got, want)
}

// TestUnknownStatusIsNull: a request without an answer has no status, which is
// not the status 0.
func TestUnknownStatusIsNull(t *testing.T) {
	t.Parallel()
	l := open(t)
	rows := []Request{
		{TS: at(1, 0), Subject: "endpoint/x", Source: "s", Origin: OriginClient, Status: 200, DurationUS: -1, Weight: 1, TTFTUS: -1, TokensIn: -1, TokensOut: -1},
		{TS: at(1, 1), Subject: "endpoint/x", Source: "s", Origin: OriginAccessLog, DurationUS: -1, Weight: 1, TTFTUS: -1, TokensIn: -1, TokensOut: -1},
	}
	if err := l.PutRequests(t.Context(), "endpoint/x", rows); err != nil {
		t.Fatal(err)
	}
	same(t, scanDay(t, l, requestTable(), at(0, 0), "endpoint/x"), rows)
	pq, err := file.OpenParquetFile(l.dayPath("requests", at(0, 0)/dayMicros, "endpoint/x"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer pq.Close()
	stats, err := columnMeta(t, pq, "status").Statistics()
	if err != nil || stats == nil || stats.NullCount() != 1 {
		t.Errorf("nulls of the status: %v, %v; want 1", stats, err)
	}
}
