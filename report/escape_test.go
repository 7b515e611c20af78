package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"pgregory.net/rapid"
)

func TestCode(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain", "`plain`"},
		{"a | b", "`a | b`"},
		{"tick ` tock", "``tick ` tock``"},
		{"`", "`` ` ``"},
		{"", "(empty)"},
		{" \t\n", "(empty)"},
		{"\x1b[31mred", "`\\x1b[31mred`"},
		{"a\u202eb", "`a(U+202E)b`"},
		{"bad\xffbyte", "`bad\\xffbyte`"},
		{"two\nlines", "`two lines`"},
		{strings.Repeat("x", 500), "`" + strings.Repeat("x", maxCode) + "…`"},
	} {
		if got := code(tt.in); got != tt.want {
			t.Errorf("code(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestCellCode(t *testing.T) {
	for in, want := range map[string]string{"a | b": "`a \\| b`", `a \| b`: "`a \\∣ b`", "`|`": "`` `\\|` ``"} {
		if got := cellCode(in); got != want {
			t.Errorf("cellCode(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestProse(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"p99<200ms", "`p99<200ms`"},
		{"within p99<200ms, errors<=0.1% (cpu<70%).", "within `p99<200ms`, `errors<=0.1%` (`cpu<70%`)."},
		{"Xp99<200ms a<b <p1>2</p1> p9<1x", `Xp99\<200ms a\<b \<p1\>2\</p1\> p9\<1x`},
		{"a ` p99<2s ` b", "a \\` `p99<2s` \\` b"},
		{"2. p99<2s", "2\\. `p99<2s`"},
		{"capacity_plateau is _not_ italic", `capacity_plateau is \_not\_ italic`},
		{"1. not a list", `1\. not a list`},
		{"- not a list", `\- not a list`},
		{"# no heading", `\# no heading`},
		{"5 * 3 | 2", `5 \* 3 \| 2`},
		{"see https://x.example and www.x.example", "see https&#58;//x.example and www&#46;x.example"},
		{"AT&T &lt; &#60;", `AT\&T \&lt; \&#60;`},
		{"3.5 ms", "3.5 ms"},
	} {
		got := prose(tt.in)
		if got != tt.want {
			t.Errorf("prose(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestSentence(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"no step had errors", "No step had errors."},
		{"p99 grew", "p99 grew."},
		{"Done!", "Done!"},
		{"  ", ""},
		{"404", `404\.`},
	} {
		if got := sentence(tt.in); got != tt.want {
			t.Errorf("sentence(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// rendered is the HTML of Markdown as the report's page makes it.
func rendered(t interface{ Fatal(...any) }, markdown string) string {
	var b bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))
	if err := md.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostileText draws text that is rich in what Markdown and HTML care about.
func hostileText() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"|", "\\", "`", "``", "<", ">", "&", "&lt;", "[x](y)", "![i](j)", "*", "_", "~~", "#", "-", "1.", "\n", "\n\n", "<script>", "-->", "http://a.b", "www.a.b", "\x00", "\u202e", "$", "===", "    ", "|---|", "a"}),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "") })
}

func TestForeignTextStaysInItsCell(t *testing.T) {
	tags := regexp.MustCompile(`<(/?)([a-z0-9]+)[^>]*>`)
	rapid.Check(t, func(rt *rapid.T) {
		foreign := hostileText().Draw(rt, "text")
		for _, cell := range []string{cellCode(foreign), prose(foreign)} {
			tab := table{Head: []string{"a", "b"}, Rows: [][]string{{cell, "end"}}}
			html := rendered(rt, tab.Markdown())
			if n := strings.Count(html, "<td"); n != 2 {
				rt.Fatalf("%q makes %d cells:\n%s", foreign, n, html)
			}
			for _, m := range tags.FindAllStringSubmatch(html, -1) {
				if !strings.Contains(" table thead tbody tr th td code ", " "+m[2]+" ") {
					rt.Fatalf("%q makes a <%s>:\n%s", foreign, m[2], html)
				}
			}
		}
	})
}

func TestForeignTextStaysInItsLine(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		foreign := hostileText().Draw(rt, "text")
		html := rendered(rt, "- "+prose("x"+foreign)+"\n- "+sentence(foreign)+" end\n")
		if n := strings.Count(html, "<li>"); n != 2 {
			rt.Fatalf("%q makes %d items:\n%s", foreign, n, html)
		}
		for _, bad := range []string{"<a ", "<img", "<h1", "<h2", "<pre", "<script", "<em>", "<strong>", "<ol", "<hr", "<del>", "<blockquote"} {
			if strings.Contains(html, bad) {
				rt.Fatalf("%q makes %s:\n%s", foreign, bad, html)
			}
		}
		for _, r := range code(foreign) + prose(foreign) {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				rt.Fatalf("%q leaves %U", foreign, r)
			}
		}
	})
}
