package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// traceLine is a line as ingest reads it: which thread printed it and what
// exception it names.
type traceLine struct{ stream, thread, exception, text string }

// tracesOf is what log_traces makes of lines, each at the instant of its index or,
// with together, all at one.
func tracesOf(t *testing.T, together bool, lines ...traceLine) []string {
	t.Helper()
	b := newBuilder(t)
	for i, l := range lines {
		at, seq := fmt.Sprintf("14:00:%02d", i), 0
		if together {
			at, seq = "14:00:00", i
		}
		null := func(s string) string {
			if s == "" {
				return "NULL"
			}
			return literal(s)
		}
		b.exec("INSERT INTO logs (ts, account, region, subject, log_group, log_stream, event_id, seq, message, thread, exception, skeleton, parser) VALUES (" +
			"TIMESTAMP '2026-11-20 " + at + "', '123456789012', 'eu-west-1', 'endpoint/web', '/aws/sagemaker/Endpoints/web', " +
			literal("main/"+l.stream) + ", " + literal(fmt.Sprint(i)) + ", " + fmt.Sprint(seq) + ", " + literal("header "+l.text) + ", " +
			null(l.thread) + ", " + null(l.exception) + ", " + literal(strings.TrimSpace(l.text)) + ", 'plain')")
	}
	e := openLake(t, b.write())
	rows, err := e.Query(t.Context(), "log_traces", nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		out = append(out, rows.String("log_stream")+" "+rows.String("exception")+" @ "+rows.String("frame")+" after "+rows.String("cause"))
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

const (
	head    = "Traceback (most recent call last):"
	library = `  File "/usr/lib/python3.10/site-packages/torch/nn/modules/module.py", line 1518, in _call_impl`
)

// Two workers fail at once and a Java stack, whose frames name no thread, comes
// between: three traces.
func TestTracesInterleaved(t *testing.T) {
	got := tracesOf(t, false,
		traceLine{"i-1", "W-0", "", head},
		traceLine{"i-1", "W-1", "", head},
		traceLine{"i-1", "W-0", "", `  File "/opt/ml/model/code/inference.py", line 12, in predict_fn`},
		traceLine{"i-1", "main", "java.lang.IllegalStateException", "java.lang.IllegalStateException: worker 9000 is gone"},
		traceLine{"i-1", "W-1", "", `  File "/opt/ml/model/code/inference.py", line 31, in input_fn`},
		traceLine{"i-1", "", "", "\tat java.base/java.lang.Thread.sleep(Thread.java:12)"},
		traceLine{"i-1", "W-0", "", "    return model(x)"},
		traceLine{"i-1", "W-0", "", library},
		traceLine{"i-1", "", "", "\tat org.pytorch.serve.wlm.WorkerThread.run(WorkerThread.java:212)"},
		traceLine{"i-1", "W-0", "torch.cuda.OutOfMemoryError", "torch.cuda.OutOfMemoryError: CUDA out of memory"},
		traceLine{"i-1", "W-1", "json.decoder.JSONDecodeError", "json.decoder.JSONDecodeError: Expecting value"},
		traceLine{"i-2", "W-1", "ValueError", "ValueError: without a trace"},
	)
	want := []string{
		"main/i-1 java.lang.IllegalStateException @ WorkerThread.java:run after ",
		"main/i-1 torch.cuda.OutOfMemoryError @ inference.py:predict_fn after ",
		"main/i-1 json.decoder.JSONDecodeError @ inference.py:input_fn after ",
		"main/i-2 ValueError @  after ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("traces (-want +got):\n%s", diff)
	}
}

// Of exceptions that were raised while another was handled the last counts; of
// Java's the first, with the root cause. Libraries alone are better than nothing.
func TestTracesChained(t *testing.T) {
	lines := []traceLine{
		{"s", "", "", head},
		{"s", "", "", `  File "/opt/ml/code/a.py", line 1, in load`},
		{"s", "", "KeyError", "KeyError: 'x'"},
		{"s", "", "", "During handling of the above exception, another exception occurred:"},
		{"s", "", "", head},
		{"s", "", "", `  File "/opt/ml/code/b.py", line 2, in serve`},
		{"s", "", "NotReadyError", "NotReadyError: model is not there"},
		{"s", "", "java.lang.RuntimeException", "java.lang.RuntimeException: a"},
		{"s", "", "", "\tat org.example.A.f(A.java:3)"},
		{"s", "", "java.io.IOException", "Caused by: java.io.IOException: b"},
		{"s", "", "", "\tat org.example.B.g(B.java:3)"},
		{"s", "", "", head},
		{"s", "", "", library},
		{"s", "", "AssertionError", "AssertionError"},
	}
	want := []string{
		"main/s NotReadyError @ b.py:serve after KeyError",
		"main/s java.lang.RuntimeException @ A.java:f after java.io.IOException",
		"main/s AssertionError @ module.py:_call_impl after ",
	}
	if diff := cmp.Diff(want, tracesOf(t, false, lines...)); diff != "" {
		t.Errorf("traces (-want +got):\n%s", diff)
	}
}

// A whole trace can be one event, and events of one millisecond can come in any
// order.
func TestTracesOfOneInstant(t *testing.T) {
	for name, lines := range map[string][]traceLine{
		"ValueError @ a.py:f": {{"s", "", "ValueError", head + "\n" + `  File "/opt/ml/code/a.py", line 3, in f` + "\n    g()\n" + library + "\nValueError: bad"}},
		"KeyError @ a.py:f": {
			{"s", "", "KeyError", "KeyError: 'x'"}, {"s", "", "", `  File "/opt/ml/code/a.py", line 3, in f`}, {"s", "", "", head},
		},
		"java.lang.Error @ A.java:f": {
			{"s", "", "", "\tat org.example.A.f(A.java:3)"}, {"s", "", "java.lang.Error", "java.lang.Error: a"}, {"s", "", "", "\tat java.base/java.lang.Thread.run(Thread.java:840)"},
		},
	} {
		if got := tracesOf(t, true, lines...); len(got) != 1 || got[0] != "main/s "+name+" after " {
			t.Errorf("got %q, want %s", got, name)
		}
	}
}
