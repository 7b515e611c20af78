package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/engine"
	"sizewise/ingest/lake"
	"sizewise/queries"
)

const schemaGolden = "../../testdata/golden/lake_schema.txt"

// TestLakeSchema is the contract between the stages, which never import each
// other: what ingest writes is what the views read, column by column, and an
// empty lake has the same columns.
func TestLakeSchema(t *testing.T) {
	ctx := context.Background()
	full := t.TempDir() + "/lake"
	writeOneOfEach(t, full)
	got := describeViews(t, full)
	if *updateFlag {
		if err := os.WriteFile(schemaGolden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(schemaGolden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the lake's schema is not that of %s:\n%s", schemaGolden, got)
	}
	empty := t.TempDir() + "/lake"
	l, err := lake.Create(ctx, lake.Options{Dir: empty, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if got := describeViews(t, empty); got != string(want) {
		t.Errorf("an empty lake has another schema:\n%s", got)
	}
}

// writeOneOfEach puts a row in every dataset and the catalogue.
func writeOneOfEach(t *testing.T, dir string) {
	t.Helper()
	ctx := context.Background()
	at := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	l, err := lake.Create(ctx, lake.Options{Dir: dir, Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	const subject = "endpoint/x"
	series := lake.Series{Subject: subject, Namespace: "AWS/SageMaker", Metric: "Invocations", PeriodS: 60, Dims: []lake.Dim{{Name: "EndpointName", Value: "x"}}}
	_, _, err = l.PutMetrics(ctx, subject, []lake.SeriesPoints{{Series: series, Points: []lake.Point{{TS: at.UnixMicro()}}}})
	for _, e := range []error{
		err,
		second(l.PutLogs(ctx, "group", []lake.Log{{TS: at.UnixMicro(), Subject: subject, LogGroup: "group", LogStream: "s", EventID: "1", Message: "m"}})),
		l.PutResources(ctx, subject, []lake.Resource{{AsOf: at, Subject: subject, Kind: "endpoint", Name: "x", Attribute: "status", Value: "InService"}}),
		l.PutRequests(ctx, subject, []lake.Request{{TS: at.UnixMicro(), Subject: subject, Source: "s"}}),
		l.Record(ctx, lake.Entry{Chunk: "c", Dataset: "metrics", Subject: subject, Start: at, End: at.Add(time.Hour), Status: lake.Complete, FetchedAt: at}),
		l.PutCatalog(ctx, catalogRows()),
	} {
		if e != nil {
			t.Fatal(e)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// describeViews lists every view's columns and types as DuckDB sees them.
func describeViews(t *testing.T, dir string) string {
	t.Helper()
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Options{Lake: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	views, err := queries.Views()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, v := range views {
		rows, err := e.SQL(ctx, "DESCRIBE SELECT * FROM "+v.Name)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			fmt.Fprintf(&b, "%s %s %s\n", v.Name, rows.String("column_name"), rows.String("column_type"))
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}
