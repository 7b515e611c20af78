package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

// typed runs the prompt over a lake without data, with keys typed one by one.
func typed(t *testing.T, text string, env map[string]string, more ...string) (out, errs string, code int) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lake.json"), []byte(`{"format":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	raw := 0
	code = run(t.Context(), append([]string{"--lake", dir, "sql"}, more...), console{
		in: iotest.OneByteReader(strings.NewReader(text)), out: &o, err: &e, prompt: true, noColor: true,
		width:  func() int { return 80 },
		raw:    func() (func() error, error) { raw++; return func() error { raw--; return nil }, nil },
		getenv: func(k string) string { return env[k] },
		now:    func() time.Time { return time.Unix(0, 0) },
	})
	if raw != 0 {
		t.Errorf("the terminal was left %d times raw", raw)
	}
	return o.String(), e.String(), code
}

func TestPrompt(t *testing.T) {
	for _, c := range []struct {
		name, keys string
		out, errs  []string
	}{
		{"statement", "SELECT 40 + 2 AS answer;\r\x04", []string{"answer\n", "    42\n"}, []string{"1 row, 0.000 s"}},
		{"lines", "SELECT\r 7\rAS n;\r\x04", []string{"...> ", "n\n7\n"}, nil},
		{"two on a line", "SELECT 1 AS a; SELECT 2 AS b;\r\x04", []string{"a\n1\n", "b\n2\n"}, nil},
		{"a mistake is not the end", "SELEC 1;\rSELECT 5 AS n;\r\x04", []string{"n\n5\n"}, []string{"not SQL"}},
		{"the gate stands", "COPY (SELECT 1) TO 'x.csv';\r\x04", nil, []string{"refused"}},
		{"ctrl-C leaves a statement", "SELECT 1\r, \x03SELECT 6 AS n;\r\x04", []string{"^C", "n\n6\n"}, nil},
		{"complete", "SELECT count(*) AS n FROM metri\t;\r\x04", []string{"FROM metrics"}, nil},
		{"show what it could be", "SELECT log_\t\x03\x04", []string{"log_group  log_stream"}, nil},
		{"tables", ".tables\r\x04", []string{"metrics       every point", "measurements"}, nil},
		{"schema", ".sch\tlogs\r\x04", []string{"logs: one row per log event", "skeleton"}, nil},
		{"queries", ".queries\r.queries subjects\r\x04", []string{"variant_minutes ", "Parameters:"}, nil},
		{"query", ".query subjects\r.query nope\r.query subjects x\r\x04", []string{"first_ts"}, []string{"0 rows", "sizewise query lists them", "not name=value"}},
		{"mode", ".mode csv\rSELECT 1 AS a, 'x' AS b;\r.mode line\rSELECT 2 AS long, 3 AS n;\r.mode x\r\x04", []string{"a,b\n1,x\n", "long = 2\n   n = 3\n"}, []string{".mode takes one of"}},
		{"timing", ".timing off\rSELECT 1;\r\x04", []string{"1\n"}, nil},
		{"help and quit", ".help\r.nope\r.quit\r", []string{".schema [VIEW]"}, []string{`unknown command ".nope"; .help lists them`}},
		{"pasted tabs", "\x1b[200~SELECT\t8\tAS n;\r\x1b[201~\x04", []string{"n\n8\n"}, nil},
		{"hostile text", "SELECT 'a' || chr(27) || '[2Jb' AS x;\r\x04", []string{"a [2Jb"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, errs, code := typed(t, c.keys, nil)
			if code != exitOK {
				t.Errorf("exit %d", code)
			}
			for _, want := range c.out {
				if !strings.Contains(strings.ReplaceAll(out, "\r", ""), want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
			for _, want := range c.errs {
				if !strings.Contains(errs, want) {
					t.Errorf("no %q in\n%s", want, errs)
				}
			}
			if c.errs == nil && strings.Contains(errs, "sizewise:") {
				t.Errorf("errors: %s", errs)
			}
		})
	}
}

func TestPromptHistory(t *testing.T) {
	state := t.TempDir()
	env := map[string]string{"XDG_STATE_HOME": state}
	path := filepath.Join(state, "sizewise", "sql_history")
	typed(t, "SELECT 1\r  AS a; -- note\r SELECT 2;\r.tables\r.tables\r\x04", env)
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "SELECT 1 AS a;\n.tables\n"; string(got) != want {
		t.Errorf("kept %q, want %q", got, want)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	out, _, _ := typed(t, "\x1b[A\x1b[A\r\x04", env)
	if !strings.Contains(out, "SELECT 1 AS a;") || !strings.Contains(strings.ReplaceAll(out, "\r", ""), "a\n1\n") {
		t.Errorf("the arrow recalled nothing:\n%s", out)
	}
	typed(t, "SELECT 3;\r\x04", env, "--no-history")
	typed(t, "SELECT 3;\r\x04", map[string]string{"XDG_STATE_HOME": state, "SIZEWISE_HISTORY": "off"})
	if again, err := os.ReadFile(path); err != nil || strings.Contains(string(again), "SELECT 3") {
		t.Errorf("kept what was not to be kept: %q, %v", again, err)
	}
}

func TestHistoryIsShortened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	text := strings.Repeat("SELECT 1;\n", 2*historySize) + "SELECT 2;\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := openHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(path)
	if err != nil || strings.Count(string(kept), "\n") != historySize || h.Len() != historySize || h.At(0) != "SELECT 2;" {
		t.Errorf("%d lines and %d entries kept, %v", strings.Count(string(kept), "\n"), h.Len(), err)
	}
}

// held is a reader that answers only when it is closed.
type held struct {
	first io.Reader
	done  chan struct{}
}

func (h held) Read(b []byte) (int, error) {
	if n, err := h.first.Read(b); err == nil {
		return n, nil
	}
	<-h.done
	return 0, io.EOF
}

// locked is a buffer that a test reads while a command writes it.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestPromptInterrupt: an interrupt ends the running statement and not the
// session; the end of the context ends it, even while it waits for a key.
func TestPromptInterrupt(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lake.json"), []byte(`{"format":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, errs locked
	var taken interrupts
	in := held{strings.NewReader("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7;\rSELECT 3 AS n;\r"), make(chan struct{})}
	defer close(in.done)
	code := make(chan int)
	go func() {
		code <- run(ctx, []string{"--lake", dir, "sql"}, console{
			in: in, out: &out, err: &errs, prompt: true, interrupts: &taken,
			getenv: func(string) string { return "" }, now: time.Now,
		})
	}()
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(errs.String(), "cancelled"); time.Sleep(5 * time.Millisecond) {
		taken.taken()
		if time.Now().After(deadline) {
			t.Fatal("no statement took the interrupt")
		}
	}
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(errs.String(), "1 row,"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the session did not go on: %s%s", out.String(), errs.String())
		}
	}
	cancel()
	if got := <-code; got != exitInterrupted {
		t.Errorf("exit %d, want %d", got, exitInterrupted)
	}
}

func TestComplete(t *testing.T) {
	c, err := newCompleter()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		before, line, want string
		options            []string
	}{
		{"", "sel", "select ", nil},
		{"", "SEL", "SELECT ", nil},
		{"", "SELECT * FROM me", "SELECT * FROM me", []string{"measurements", "metrics"}},
		{"", "SELECT * FROM ledg", "SELECT * FROM ledger ", nil},
		{"SELECT\n", "  skel", "  skeleton ", nil},
		{"SELECT * FROM logs AS l\n", "WHERE l.exc", "WHERE l.exception ", nil},
		{"", "SELECT quantile_c", "SELECT quantile_cont(", nil},
		{"", "SELECT count_t", "SELECT count_true(", nil},
		{"", ".mo", ".mode ", nil},
		{"", ".mode j", ".mode json ", nil},
		{"", ".schema led", ".schema ledger ", nil},
		{"", ".query variant_mi", ".query variant_minutes ", nil},
		{"", ".query variant_m", ".query variant_m", []string{"variant_metrics", "variant_minutes"}},
		{"", "SELECT nothing_like_it", "SELECT nothing_like_it", nil},
		{"", "ledger", "ledger ", nil},
	} {
		got, pos, options := c.complete(x.before, x.line, len(x.line))
		if got != x.want || pos != len(got) || !slices.Equal(options, x.options) {
			t.Errorf("%q: %q at %d %v, want %q %v", x.line, got, pos, options, x.want, x.options)
		}
	}
	if got, pos, _ := c.complete("", "SELECT  FROM logs", 7); got != "SELECT  FROM logs" || pos != 7 {
		t.Errorf("%q %d", got, pos)
	}
	if got, pos, _ := c.complete("", "SELECT skel FROM logs", 11); got != "SELECT skeleton FROM logs" || pos != 15 {
		t.Errorf("%q %d", got, pos)
	}
}
