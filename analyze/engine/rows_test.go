package engine

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRowsAreStrict(t *testing.T) {
	e := openLake(t, emptyLake(t))
	for name, read := range map[string]func(*Rows){
		"unknown column":   func(r *Rows) { r.Float64("nope") },
		"text as number":   func(r *Rows) { r.Float64("s") },
		"ratio as integer": func(r *Rows) { r.Int64("x") },
		"number as text":   func(r *Rows) { _ = r.String("n") },
		"number as time":   func(r *Rows) { r.Time("n") },
		"date as time":     func(r *Rows) { r.Time("d") },
		"text as bool":     func(r *Rows) { r.Bool("s") },
		"unknown null":     func(r *Rows) { r.Null("nope") },
	} {
		rows, err := e.SQL(t.Context(), "SELECT 's' AS s, 0.5::DOUBLE AS x, 7 AS n, DATE '2026-11-20' AS d FROM range(3)")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for rows.Next() {
			n++
			read(rows)
		}
		var column *ColumnError
		if !errors.As(rows.Err(), &column) || n != 1 {
			t.Errorf("%s: want the loop to end with a column error, got %d rows and %v", name, n, rows.Err())
		}
		if err := rows.Close(); !errors.As(err, &column) {
			t.Errorf("%s: Close does not report it: %v", name, err)
		}
	}
}

func TestRowsValues(t *testing.T) {
	e := openLake(t, emptyLake(t))
	rows, err := e.SQL(t.Context(), `SELECT 7::UTINYINT AS small, 170141183460469231731687303715884105727 AS huge, sum(3) AS total, 1.25 AS exact,
		0.5::FLOAT AS single, 'x' AS s, TIMESTAMP '2026-11-20 14:00:00.25' AS ts, true AS b, NULL AS missing FROM range(2)`)
	if err != nil {
		t.Fatal(err)
	}
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	if rows.Int64("small") != 7 || rows.Int64("total") != 6 || rows.Float64("exact") != 1.25 || rows.Float64("single") != 0.5 ||
		rows.Float64("small") != 7 || rows.Float64("huge") < 1.7e38 || rows.String("s") != "x" || !rows.Bool("b") {
		t.Errorf("wrong values: %v", rows.Values())
	}
	if want := time.Date(2026, 11, 20, 14, 0, 0, 250e6, time.UTC); !rows.Time("ts").Equal(want) || rows.Time("ts").Location() != time.UTC {
		t.Errorf("ts is %v, want %v", rows.Time("ts"), want)
	}
	if !rows.Null("missing") || rows.Null("s") || !math.IsNaN(rows.Float64("missing")) || rows.Int64("missing") != 0 ||
		rows.String("missing") != "" || !rows.Time("missing").IsZero() || rows.Bool("missing") {
		t.Error("NULL is not what it should be")
	}
	if rows.Int64("huge"); rows.Err() == nil {
		t.Error("a number that does not fit was read")
	}
	if err := rows.Close(); err == nil {
		t.Error("Close forgot the error")
	}
}

// TestOneAtATime opens rows and asks for more: an error, not a wait for ever.
func TestOneAtATime(t *testing.T) {
	e := openLake(t, emptyLake(t))
	rows, err := e.Query(t.Context(), "subjects", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.SQL(t.Context(), "SELECT 1"); err == nil || !strings.Contains(err.Error(), "the rows of subjects are still open") {
		t.Errorf("got %v", err)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if err := rows.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if rows.Next() {
		t.Error("a row after Close")
	}
	if err := outcome(t.Context(), e, "SELECT 1"); err != nil {
		t.Error(err)
	}
}

func TestTextAndJSON(t *testing.T) {
	e := openLake(t, emptyLake(t))
	for _, c := range []struct{ sql, text, json string }{
		{"NULL", "NULL", "null"},
		{"true", "true", "true"},
		{"42", "42", "42"},
		{"-1::TINYINT", "-1", "-1"},
		{"18446744073709551615::UBIGINT", "18446744073709551615", "18446744073709551615"},
		{"170141183460469231731687303715884105727", "170141183460469231731687303715884105727", "170141183460469231731687303715884105727"},
		{"1.50::DECIMAL(10,2)", "1.50", "1.50"},
		{"-0.05::DECIMAL(10,2)", "-0.05", "-0.05"},
		{"0::DECIMAL(10,2)", "0.00", "0.00"},
		{"100::DECIMAL(10,0)", "100", "100"},
		{"0.1::DOUBLE", "0.1", "0.1"},
		{"1e6::DOUBLE", "1000000", "1000000"},
		{"1e300::DOUBLE", "1e+300", "1e+300"},
		{"1e-9::DOUBLE", "1e-09", "1e-9"},
		{"0.1::FLOAT", "0.1", "0.1"},
		{"'nan'::DOUBLE", "NaN", "null"},
		{"'-inf'::DOUBLE", "-Inf", "null"},
		{"'a \"b\"'", `a "b"`, `"a \"b\""`},
		{"TIMESTAMP '2026-11-20 14:00:00'", "2026-11-20 14:00:00", `"2026-11-20T14:00:00Z"`},
		{"TIMESTAMP '2026-11-20 14:00:00.25'", "2026-11-20 14:00:00.25", `"2026-11-20T14:00:00.25Z"`},
		{"TIMESTAMPTZ '2026-11-20 16:00:00+02'", "2026-11-20 14:00:00", `"2026-11-20T14:00:00Z"`},
		{"TIMESTAMP 'infinity'", "infinity", `"infinity"`},
		{"TIMESTAMP '-infinity'", "-infinity", `"-infinity"`},
		{"DATE '2026-11-20'", "2026-11-20", `"2026-11-20"`},
		{"TIME '14:00:01.5'", "14:00:01.5", `"14:00:01.5"`},
		{"INTERVAL '14 months 3 days 90 seconds'", "14 months 3 days 1m30s", `"14 months 3 days 1m30s"`},
		{"INTERVAL '0 seconds'", "0s", `"0s"`},
		{"UUID '1de3476a-4e52-4a11-9efd-a081735c1874'", "1de3476a-4e52-4a11-9efd-a081735c1874", `"1de3476a-4e52-4a11-9efd-a081735c1874"`},
		{`'\x00a\x5C'::BLOB`, `\x00a\x5C`, `"\\x00a\\x5C"`},
		{"[1, NULL, 3]", "[1, NULL, 3]", "[1,null,3]"},
		{"[]::INTEGER[]", "[]", "[]"},
		{"MAP {'b': 1.5, 'a': NULL}", "{a=NULL, b=1.5}", `{"a":null,"b":1.5}`},
		{"MAP {2: 'x', 1: 'y'}", "{1=y, 2=x}", `{"1":"y","2":"x"}`},
		{"{'b': [1], 'a': {'c': 'd'}}", "{a: {c: d}, b: [1]}", `{"a":{"c":"d"},"b":[1]}`},
		{"'x'::ENUM('x', 'y')", "x", `"x"`},
		{"'101'::BIT", "101", `"101"`},
		{"union_value(n := 2)", "2", "2"},
		{`'{"k": [1, "v"]}'::JSON`, "{k: [1, v]}", `{"k":[1,"v"]}`},
	} {
		rows, err := e.SQL(t.Context(), "SELECT "+c.sql+" AS v")
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		if !rows.Next() {
			t.Errorf("%s: %v", c.sql, rows.Close())
			continue
		}
		v := rows.Values()[0]
		if diff := cmp.Diff(c.text, Text(v)); diff != "" {
			t.Errorf("%s as text (-want +got):\n%s", c.sql, diff)
		}
		b, err := json.Marshal(JSON(v))
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
		}
		if diff := cmp.Diff(c.json, string(b)); diff != "" {
			t.Errorf("%s as JSON (-want +got):\n%s", c.sql, diff)
		}
		if err := rows.Close(); err != nil {
			t.Errorf("%s: %v", c.sql, err)
		}
	}
}
