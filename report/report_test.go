package report

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sizewise/analyze/finding"
)

var (
	update = flag.Bool("update", false, "rewrite the golden reports")
	keep   = flag.String("keep", "", "directory in which the rendered samples are left to look at")
)

func sampleNames() []string {
	var names []string
	for name := range samples() {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

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
			dir := write(t, name, set)
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
	for _, bad := range []string{"NaN", "Inf", "%!", "<nil>", "0001"} {
		if strings.Contains(markdown, bad) {
			t.Errorf("report contains %q", bad)
		}
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
	for _, bad := range []string{"<script", "onerror=", "href=", `src="http`, "url(", "@import", "<iframe"} {
		body := page
		for _, escaped := range regexp.MustCompile(`<code>[^<]*</code>`).FindAllString(page, -1) {
			body = strings.ReplaceAll(body, escaped, "")
		}
		if strings.Contains(body, "<"+strings.TrimPrefix(bad, "<")) || bad[0] != '<' && regexp.MustCompile(`<[^>]*`+regexp.QuoteMeta(bad)).MatchString(body) {
			t.Errorf("page contains %q", bad)
		}
	}
	if n, m := strings.Count(page, "<img"), strings.Count(page, `src="data:image/png;base64,`); n != m {
		t.Errorf("%d pictures, %d of them inside the page", n, m)
	}
}

func checkClean(t *testing.T, dir string) {
	t.Helper()
	left, _ := filepath.Glob(filepath.Join(dir, ".*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

var _ = fmt.Sprint
