package logline

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// fuzzHeader puts any message behind a header. Whatever the message is, the
// header is recognised, the level is one of the five, and the skeleton can be
// shown.
func fuzzHeader(f *testing.F, parser, header string) {
	f.Add("Worker 7 is gone")
	f.Add("ERROR:root:x")
	f.Add("[ERROR] a.b.C - x")
	f.Add("\x1b[31m#015#011{\"level\":\"INFO\"")
	f.Add("\xff\xfe\u202e=cmd|' /C calc'!A1")
	f.Fuzz(func(t *testing.T, msg string) {
		var p Parser
		l := p.Parse(header + msg)
		// A blank in front of the message would be the header's: uvicorn pads its
		// level to ten columns.
		plain := msg != "" && !strings.ContainsAny(msg, "#\r\x1b\n") && !strings.ContainsAny(msg[:1], " \t")
		if plain && l.Access == nil && l.Parser != parser && l.Parser != "torchserve-metrics" {
			t.Errorf("%q is read as %s", header+msg, l.Parser)
		}
		m := p.Mask(header + msg)
		if !utf8.Valid(m.Skeleton) || strings.ContainsAny(string(m.Skeleton), "\n\r\x1b\x00") {
			t.Errorf("%q: skeleton %q", header+msg, m.Skeleton)
		}
		if len(header+msg) < maxMasked && Levels()[m.Level] != l.Level {
			t.Errorf("%q: Mask says %s, Parse %s", header+msg, Levels()[m.Level], l.Level)
		}
		Time(header + msg)
	})
}

func FuzzLog4j(f *testing.F) {
	fuzzHeader(f, "log4j", "2026-11-20T14:03:12,417 [INFO ] W-9000-m_1.0 org.pytorch.serve.wlm.WorkerThread - ")
}

func FuzzGunicorn(f *testing.F) {
	fuzzHeader(f, "gunicorn", "[2026-11-20 14:03:12 +0000] [17] [INFO] ")
}

func FuzzNginx(f *testing.F) {
	fuzzHeader(f, "nginx", "2026/11/20 14:03:12 [error] 21#21: *902 ")
}
func FuzzGlog(f *testing.F) { fuzzHeader(f, "glog", "I1120 14:03:12.000417 1 server.cc:603] ") }
func FuzzTensorFlow(f *testing.F) {
	fuzzHeader(f, "tensorflow", "2026-11-20 14:03:12.004170: I a/b.cc:95] ")
}

func FuzzVLLM(f *testing.F) {
	fuzzHeader(f, "vllm", "(APIServer pid=1) INFO 11-20 14:03:12 [launcher.py:29] ")
}
func FuzzUvicorn(f *testing.F) { fuzzHeader(f, "uvicorn", "INFO:     ") }
func FuzzTGI(f *testing.F) {
	fuzzHeader(f, "tgi", "2026-11-20T14:03:12.004170Z  INFO text_generation_launcher: ")
}
func FuzzDJL(f *testing.F)     { fuzzHeader(f, "djl", "[INFO ] PyProcess - W-1-m-stdout: ") }
func FuzzXGBoost(f *testing.F) { fuzzHeader(f, "xgboost", "[2026-11-20:14:03:12:INFO] ") }
func FuzzBuiltIn(f *testing.F) { fuzzHeader(f, "sagemaker", "[11/20/2026 14:03:12 INFO 140213] ") }
func FuzzPython(f *testing.F)  { fuzzHeader(f, "python", "INFO:__main__:") }
func FuzzToolkit(f *testing.F) {
	fuzzHeader(f, "python", "2026-11-20 14:03:12,417 sagemaker-training-toolkit INFO     ")
}
func FuzzC10(f *testing.F) { fuzzHeader(f, "c10", "[E ProcessGroupNCCL.cpp:474] ") }

func FuzzMpirun(f *testing.F) { fuzzHeader(f, "mpirun", "[1,0]<stdout>:") }
func FuzzFlask(f *testing.F)  { fuzzHeader(f, "flask", "WARNING in app: ") }
func FuzzRay(f *testing.F)    { fuzzHeader(f, "vllm", "(ServeReplica:app pid=12, ip=10.0.0.7) ") }
func FuzzSpark(f *testing.F)  { fuzzHeader(f, "spark", "26/11/20 14:03:12 ERROR Executor: ") }
func FuzzNCCL(f *testing.F)   { fuzzHeader(f, "nccl", "algo-1:47:91 [2] NCCL WARN ") }
func FuzzRank(f *testing.F)   { fuzzHeader(f, "torchrun", "[rank3]: ") }
func FuzzLogfmt(f *testing.F) { fuzzHeader(f, "logfmt", "level=error msg=") }
func FuzzPythonDated(f *testing.F) {
	fuzzHeader(f, "python", "2026-11-20 14:03:12,417 - model_store - ERROR - ")
}

func FuzzExport(f *testing.F) {
	f.Add(`1795183392000,"2026-11-20 14:03:12,417 [INFO ] main a.b.C - it said ""no""",AllTraffic/i-0`)
	f.Add("1795183392000,x,a/b")
	f.Fuzz(func(_ *testing.T, msg string) { Parse(msg) })
}

func FuzzJSON(f *testing.F) {
	f.Add(`{"timestamp":"2026","level":"ERROR","fields":{"message":"a \"b\" \u00e9"},"target":"t"}`)
	f.Add(`{"level":"\`)
	f.Fuzz(func(t *testing.T, msg string) {
		if l := Parse(`{"level":"INFO","message":"` + msg); l.Parser != "json" && !strings.ContainsAny(msg, "#\r\x1b") {
			t.Errorf("%q is read as %s", msg, l.Parser)
		}
	})
}

func FuzzAccess(f *testing.F) {
	f.Add(`10.0.0.1 - - [20/Nov/2026:14:03:12 +0000] "GET /ping HTTP/1.1" 200 1`)
	f.Add(`/10.0.0.1:1 "POST /x?y=1 HTTP/1.1" 500 12`)
	f.Fuzz(func(t *testing.T, msg string) {
		if a, ok := access(msg); ok && (a.Status > 999 || a.DurationUS < -1) {
			t.Errorf("%q: %+v", msg, a)
		}
	})
}

func FuzzCalendar(f *testing.F) {
	f.Add("Fri Jul 29 08:37:13 PDT 2005 x")
	f.Add("29 Jul 2005")
	f.Add("00:1b:44:11:3a:b7:00")
	f.Fuzz(func(t *testing.T, s string) {
		if n := calendar(s); n < 0 || n > len(s) {
			t.Errorf("%q: %d", s, n)
		}
		if n := hexGroups(s); n < 0 || n > len(s) {
			t.Errorf("%q: %d", s, n)
		}
	})
}

func TestCalendarAndHex(t *testing.T) {
	for s, want := range map[string]string{
		"up since Fri Jul 29 08:37:13 PDT 2005 now":  "up since <ts> now",
		"at Jul  9 08:37:13 on node a":               "at <ts> on node a",
		"on 29 Jul 2005, twice":                      "on <ts>, twice",
		"May I come in":                              "May I come in",
		"Sun is out":                                 "Sun is out",
		"Marching orders for 3 May":                  "Marching orders for <ts>",
		"from 00:1b:44:11:3a:b7 now":                 "from <hex> now",
		"chip FF:F2:9F:16:DC:95:00:0D:60:E9:23:6A x": "chip <hex> x",
		"ratio 10:20 of ab:cd":                       "ratio <n>:<n> of ab:cd",
		"free 80.0 B)":                               "free <size>)",
		"GET /a/7?x=True&y=2 done":                   "GET /a/<n> done",
	} {
		if got := Parse(s).Skeleton; got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
