package logline

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// event is a line of a stream.
type event struct{ stream, msg string }

func joined(events []event) []Trace {
	var j Joiner
	var out []Trace
	for i, e := range events {
		if t, ok := j.Add(e.stream, Parse(e.msg), int64(i)); ok {
			out = append(out, t)
		}
	}
	return append(out, j.Flush()...)
}

const (
	worker0 = "2026-11-20T14:03:12,417 [INFO ] W-9000-m_1.0-stdout MODEL_LOG - "
	worker1 = "2026-11-20T14:03:12,418 [INFO ] W-9001-m_1.0-stdout MODEL_LOG - "
)

// Two workers fail at once and a Java stack comes between: three traces.
func TestJoinerInterleaved(t *testing.T) {
	got := joined([]event{
		{"i-1", worker0 + "Traceback (most recent call last):"},
		{"i-1", worker1 + "Traceback (most recent call last):"},
		{"i-1", worker0 + `  File "/opt/ml/model/code/inference.py", line 12, in predict_fn`},
		{"i-1", "java.lang.IllegalStateException: worker 9000 is gone"},
		{"i-1", worker1 + `  File "/opt/ml/model/code/inference.py", line 31, in input_fn`},
		{"i-1", "#011at java.base/java.lang.Thread.sleep(Thread.java:12)"},
		{"i-1", worker0 + "    return model(x)"},
		{"i-1", worker0 + `  File "/usr/lib/python3.10/site-packages/torch/nn/modules/module.py", line 1518, in _call_impl`},
		{"i-1", "#011at org.pytorch.serve.wlm.WorkerThread.run(WorkerThread.java:212)"},
		{"i-1", worker1 + "    return json.loads(body)"},
		{"i-1", worker0 + "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB"},
		{"i-1", "#011... 3 more"},
		{"i-1", worker1 + "json.decoder.JSONDecodeError: Expecting value: line 1 column 1"},
		{"i-1", worker0 + "Backend response time: 3"},
	})
	var sigs []string
	for _, g := range got {
		sigs = append(sigs, g.Exception+" | "+g.Signature())
	}
	want := []string{
		"torch.cuda.OutOfMemoryError | torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate <size> @ inference.py:predict_fn",
		"json.decoder.JSONDecodeError | json.decoder.JSONDecodeError: Expecting value: line <n> column <n> @ inference.py:input_fn",
		"java.lang.IllegalStateException | java.lang.IllegalStateException: worker <n> is gone @ WorkerThread.java:run",
	}
	if diff := cmp.Diff(want, sigs); diff != "" {
		t.Errorf("signatures (-want +got):\n%s", diff)
	}
}

func TestJoinerChains(t *testing.T) {
	got := joined([]event{
		{"s", "Traceback (most recent call last):"},
		{"s", `  File "/opt/ml/code/a.py", line 1, in load`},
		{"s", "KeyError: 'x'"},
		{"s", ""},
		{"s", "During handling of the above exception, another exception occurred:"},
		{"s", ""},
		{"s", "Traceback (most recent call last):"},
		{"s", `  File "/opt/ml/code/b.py", line 2, in serve`},
		{"s", "mylib.NotReady: model is not there"},
		{"s", "java.lang.RuntimeException: a"},
		{"s", "\tat org.example.A.f(A.java:3)"},
		{"s", "Caused by: java.io.IOException: b"},
		{"s", "\tat org.example.B.g(B.java:3)"},
		{"s", "INFO:     done"},
	})
	want := []Trace{
		{Stream: "s", Exception: "mylib.NotReady", Message: "mylib.NotReady: model is not there", Frame: "b.py:serve", Cause: "KeyError", Lines: 9},
		{Stream: "s", Exception: "java.lang.RuntimeException", Message: "java.lang.RuntimeException: a", Frame: "A.java:f", Cause: "java.io.IOException", Lines: 4, First: 9},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("traces (-want +got):\n%s", diff)
	}
}

// vLLM repeats its header, a blank behind it, before every line of a trace.
func TestJoinerRepeatedHeader(t *testing.T) {
	const head = "(EngineCore_0 pid=88) ERROR 11-20 14:03:12 [core.py:708] "
	got := joined([]event{
		{"s", head + "Traceback (most recent call last):"},
		{"s", head + `  File "/usr/local/lib/python3.12/dist-packages/vllm/v1/engine/core.py", line 7, in run`},
		{"t", head + "torch.OutOfMemoryError: another stream"},
		{"s", head + "    self.step()"},
		{"s", head + "AssertionError"},
	})
	if len(got) != 2 || got[0].Signature() != "AssertionError @ core.py:run" || got[1].Stream != "t" {
		t.Errorf("got %+v", got)
	}
}

func TestTraceOfOneEvent(t *testing.T) {
	l := Parse("2026-11-20 14:03:12,417 [ERROR] main a.b.C - boom\njava.lang.IllegalStateException: no 3\n\tat a.b.C.run(C.java:3)\nCaused by: java.io.IOException: x")
	got, ok := TraceOf(l)
	if !ok || got.Signature() != "java.lang.IllegalStateException: no <n> @ C.java:run" || got.Cause != "java.io.IOException" {
		t.Errorf("got %+v %t", got, ok)
	}
}

// However the lines of workers are interleaved, each worker's traces are the same.
func TestJoinerAnyInterleaving(t *testing.T) {
	one := []string{"Traceback (most recent call last):", `  File "/opt/a.py", line 3, in f`, "    g()", "ValueError: bad 7", "ok"}
	rapid.Check(t, func(t *rapid.T) {
		var events []event
		next := [3]int{}
		for len(events) < 3*len(one) {
			w := rapid.IntRange(0, 2).Draw(t, "worker")
			for next[w] == len(one) {
				w = (w + 1) % 3
			}
			events = append(events, event{"s", "2026-11-20T14:03:12,417 [INFO ] W-900" + string(rune('0'+w)) + "-m-stdout MODEL_LOG - " + one[next[w]]})
			next[w]++
		}
		got := joined(events)
		if len(got) != 3 {
			t.Fatalf("%d traces", len(got))
		}
		for _, g := range got {
			if g.Signature() != "ValueError: bad <n> @ a.py:f" || g.Lines != 4 {
				t.Fatalf("%+v", g)
			}
		}
	})
}

func FuzzJoiner(f *testing.F) {
	f.Add("Traceback (most recent call last):\n  File \"/a.py\", line 1, in f\nKeyError: 1", "x")
	f.Add("java.lang.Error: x\n\tat a.b(C.java:1)\nCaused by: a.b.CException", "")
	f.Fuzz(func(t *testing.T, a, b string) {
		var j Joiner
		j.Add("s", Parse(a), 0)
		j.Add("s", Parse(b), 1)
		TraceOf(Parse(a))
		for _, tr := range j.Flush() {
			if tr.Exception == "" {
				t.Errorf("a trace without exception: %+v", tr)
			}
		}
	})
}
