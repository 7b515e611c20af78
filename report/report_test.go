package report

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/analyze/finding"
)

var (
	update = flag.Bool("update", false, "rewrite the golden reports")
	keep   = flag.String("keep", "", "directory in which the rendered samples are left to look at")
)

// write renders a sample and returns its directory.
func write(t *testing.T, name string, set finding.Set) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if *keep != "" {
		dir = filepath.Join(*keep, name)
	}
	if err := Write(t.Context(), set, Options{Dir: dir, HTML: true}); err != nil {
		t.Fatalf("writing %s: %v", name, err)
	}
	return dir
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSamples(t *testing.T) {
	for name, set := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := write(t, name, withTraffic(set()))
			markdown := read(t, dir, MarkdownFile)
			checkGolden(t, name, markdown)
			checkText(t, string(markdown))
			checkLinks(t, dir, string(markdown))
			checkPictures(t, dir)
			checkHTML(t, string(read(t, dir, HTMLFile)))
			checkClean(t, dir)
		})
	}
}

func checkGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".md")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(read(t, path)), string(got)); diff != "" {
		t.Errorf("report differs from %s (-want +got; -update rewrites it):\n%s", path, diff)
	}
}

// checkText looks for what must never stand in a report.
func checkText(t *testing.T, markdown string) {
	t.Helper()
	if bad := regexp.MustCompile(`NaN|\bInf\b|%!|<nil>|0001`).FindString(markdown); bad != "" {
		t.Errorf("report contains %q", bad)
	}
	for i, line := range strings.Split(markdown, "\n") {
		if strings.HasSuffix(line, " ") {
			t.Errorf("line %d ends in a space", i+1)
		}
	}
}

func checkLinks(t *testing.T, dir, markdown string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?m)^!\[[^\]]*\]\(([^)]*)\)$`).FindAllStringSubmatch(markdown, -1) {
		if _, err := os.Stat(filepath.Join(dir, m[1])); err != nil {
			t.Errorf("picture %s: %v", m[1], err)
		}
	}
}

func checkPictures(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		c, err := png.DecodeConfig(bytes.NewReader(read(t, f)))
		if err != nil {
			t.Errorf("%s: %v", f, err)
		}
		if c.Width != 1600 || c.Height < 500 || c.Height > 1200 {
			t.Errorf("%s is %d × %d pixels, want 1600 wide and 500 to 1200 high", filepath.Base(f), c.Width, c.Height)
		}
	}
}

// checkHTML makes sure that the page needs no network and runs nothing.
func checkHTML(t *testing.T, page string) {
	t.Helper()
	if !strings.Contains(page, "table:has(th:nth-child(9))") || strings.Contains(page, "{ width: 40rem") {
		t.Error("wide tables are not made narrow, or figures do not follow the width")
	}
	const inside = `src="data:image/png;base64,`
	if n, m := strings.Count(page, "<img"), strings.Count(page, inside); n != m {
		t.Errorf("%d pictures, %d of them inside the page", n, m)
	}
	// What is left after the pictures' data is every tag and text.
	var b strings.Builder
	for i, piece := range strings.Split(page, inside) {
		if i > 0 {
			_, piece, _ = strings.Cut(piece, `"`)
		}
		b.WriteString(piece)
	}
	for _, tag := range regexp.MustCompile(`<[a-zA-Z/!][^>]*>`).FindAllString(b.String(), -1) {
		for _, bad := range []string{"<script", "onerror", "href", "src=", "url(", "<iframe", "<link", "<object"} {
			if strings.Contains(tag, bad) {
				t.Errorf("page contains %s", tag)
			}
		}
	}
	if strings.Contains(b.String(), "@import") || strings.Contains(b.String(), "url(") {
		t.Error("the style asks for another file")
	}
}

func checkClean(t *testing.T, dir string) {
	t.Helper()
	left, _ := filepath.Glob(filepath.Join(dir, ".*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	for _, name := range []string{"saturated-gpu", "unknown"} {
		var first map[string][]byte
		for range 2 {
			dir := filepath.Join(t.TempDir(), "r")
			if err := Write(t.Context(), samples()[name](), Options{Dir: dir, HTML: true}); err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{}
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				files[e.Name()] = read(t, dir, e.Name())
			}
			if first == nil {
				first = files
				continue
			}
			for file, b := range first {
				if !bytes.Equal(b, files[file]) {
					t.Errorf("%s: %s differs between two runs", name, file)
				}
			}
		}
	}
}

func TestWriteRemovesWhatIsNoLongerTrue(t *testing.T) {
	dir := t.TempDir()
	if err := Write(t.Context(), oneMinute(), Options{Dir: dir, HTML: true}); err != nil {
		t.Fatal(err)
	}
	if err := Write(t.Context(), finding.Set{}, Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff([]string{FindingsFile, MarkdownFile}, names); diff != "" {
		t.Errorf("files of an earlier report are left (-want +got):\n%s", diff)
	}
}

func TestWriteStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if err := Write(ctx, saturatedGPU(), Options{Dir: dir}); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want %v", err, context.Canceled)
	}
	if _, err := os.Stat(filepath.Join(dir, MarkdownFile)); err == nil {
		t.Error("a cancelled report left its Markdown")
	}
}

func TestWriteNamesTheDirectoryItCannotUse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(t.Context(), finding.Set{}, Options{Dir: file}); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("error %v, want one about the directory", err)
	}
}

// TestFindingsDecode holds that a report's findings.json is read back, whatever
// the set lacks, and written again as it was.
func TestFindingsDecode(t *testing.T) {
	for name, sample := range samples() {
		set := sample()
		var first, again bytes.Buffer
		if err := finding.Encode(&first, set); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if set.Format != finding.Format {
			continue
		}
		back, err := finding.Decode(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := finding.Encode(&again, back); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(first.Bytes(), again.Bytes()) {
			t.Errorf("%s: decoded and encoded again, the findings differ", name)
		}
	}
}

func TestZoneShowsInTextAndFindingsStayUTC(t *testing.T) {
	set := saturatedGPU()
	s := newScribe(set, Options{Zone: time.FixedZone("CET", 3600)})
	markdown, err := s.markdown(s.figures())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(markdown), "15:00–15:50 CET") {
		t.Error("the window is not shown in the zone asked for")
	}
	var findings strings.Builder
	if err := finding.Encode(&findings, set); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(findings.String(), "2026-11-20T14:00:00Z") {
		t.Error("findings.json is not in UTC")
	}
}

// TestRefusalsReadAsAnswers pins the sentences that a reader of an unsaturated
// test must find.
func TestRefusalsReadAsAnswers(t *testing.T) {
	for _, tt := range []struct {
		set  finding.Set
		want string
	}{
		{neverSaturated(), "One instance would saturate at about **145 requests/s** (95 % interval 139–152), extrapolated beyond the 87.8 requests/s per instance that the test served."},
		{neverSaturated(), "it serves at least **87.2 requests/s** per instance. The SLO was met in every step."},
		{insufficient(), "The capacity of one instance cannot be answered. 11 usable minutes, 20 needed; rates from 30 to 32 requests/s, a factor of 2 needed."},
		{batching(), "At least **87.2 requests/s** per instance: the test never reached the limit, and a GPU that batches does not show where it is."},
		{noSLO(), "No autoscaling"},
	} {
		s := newScribe(tt.set, Options{})
		markdown, err := s.markdown(s.figures())
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(markdown), tt.want); got != (tt.want != "No autoscaling") {
			t.Errorf("report contains %q: %v", tt.want, got)
		}
	}
}

// BenchmarkWrite is a whole report of an hour's load test, and of a month.
func BenchmarkWrite(b *testing.B) {
	for name, set := range map[string]finding.Set{"hour": saturatedGPU(), "month": thirtyDays()} {
		b.Run(name, func(b *testing.B) {
			dir := b.TempDir()
			for b.Loop() {
				if err := Write(b.Context(), set, Options{Dir: dir}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
