package report

import (
	"bytes"
	"embed"
	"strings"
	"text/template"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

// view is what the templates see.
type view struct {
	*words
	figures map[string]figure
}

// Figure is a picture by its file name.
func (v view) Figure(name string) figure { return v.figures[name] }

// words are the finished sentences and tables of a report.
type words struct {
	Title, Summary                  string
	Lines, Reasons, Tested, Quality []string
	Answers, Gaps, Problems, Steps  table
	NoSteps                         string
	Capacity, Where                 []string
	Bottleneck                      string
	Margins, ByInstance, Candidates table
	Errors                          []string
	Templates, Exceptions           table
	Changed                         string
	Changes, Access                 table
	Insights                        string
	Sizing                          []string
	Traffic                         table
	Autoscaling, Next               []string
	Replay                          table
	K6, K6Intro, Stairs             string
	Cost                            []string
	Costs                           table
	Against                         []string
	Differs, SameLoad               table
	Findings                        []string
	Commands                        []string
	Options                         table
	Colophon                        []string
	Models                          table
	ModelCharts                     []string // files of the figures below the table
}

func (s *scribe) words() *words {
	w := &words{
		Title: s.title(), Summary: s.verdictSummary(),
		Lines: s.verdictLines(), Reasons: s.reasons(), Tested: s.tested(), Quality: s.quality(),
		Answers: s.answers(), Gaps: s.gaps(), Problems: s.problems(), Steps: s.stepTable(),
		Capacity: s.capacityNotes(), Where: s.whereNotes(),
		Bottleneck: s.bottleneckSentence(s.set.Answers.Bottleneck), Margins: s.margins(), ByInstance: s.byInstance(), Candidates: s.candidates(),
		Errors: s.errorNotes(), Templates: s.templates(), Exceptions: s.exceptions(), Insights: s.insights(),
		Changed: s.changeNote(), Changes: s.changes(), Access: s.access(),
		Sizing: s.sizingNotes(), Traffic: s.traffic(), Autoscaling: s.autoscalingNotes(), Next: s.next(),
		Replay: s.replay(),
		K6:     s.k6Stages(), K6Intro: s.k6Intro(), Stairs: s.stairs(),
		Cost: s.costNotes(), Costs: s.costs(),
		Commands: s.commands(), Options: s.options(), Colophon: s.colophon(),
		Models: s.models(),
	}
	w.Against, w.Differs, w.SameLoad = s.against()
	if len(s.set.Steps) == 0 {
		w.NoSteps = "No load steps were found in the data, so there is no table of steps."
	}
	for i := range s.set.Charts {
		w.ModelCharts = append(w.ModelCharts, chartFile(&s.set.Charts[i]))
	}
	for _, f := range s.findings() {
		w.Findings = append(w.Findings, s.findingText(f))
	}
	return w
}

// markdown renders report.md.
func (s *scribe) markdown(figures map[string]figure) ([]byte, error) {
	funcs := template.FuncMap{
		"join":  func(lines []string) string { return strings.Join(lines, " ") },
		"lines": func(lines []string) string { return strings.Join(lines, "\n") },
	}
	t, err := template.New("report.md.tmpl").Funcs(funcs).ParseFS(templateFiles, "templates/*.md.tmpl")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if s.set.HasAnswers() {
		err = t.Execute(&b, view{s.words(), figures})
	} else {
		err = t.ExecuteTemplate(&b, subjectTemplate, s.subjectWords(figures))
	}
	if err != nil {
		return nil, err
	}
	return tidyBlankLines(b.Bytes()), nil
}

// tidyBlankLines leaves one empty line between blocks and one newline at the end.
func tidyBlankLines(b []byte) []byte {
	var out []string
	for line := range strings.SplitSeq(string(b), "\n") {
		line = strings.TrimRight(line, " ")
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return []byte(strings.TrimRight(strings.Join(out, "\n"), "\n") + "\n")
}

// plainTitle is the heading without Markdown, for the title of a page.
func (s *scribe) plainTitle() string {
	return visible(s.set.Subject, maxCode) + " · " + s.window()
}
