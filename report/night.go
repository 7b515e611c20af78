package report

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"sizewise/analyze/finding"
)

// The names of the files that WriteNight makes.
const (
	NightFile    = "night.json"
	IndexFile    = "index.md"
	SubjectsFile = "subjects.md"
)

// WriteNight writes night.json, subjects.md, a line for every subject, and last
// index.md: what changed first, and three lines when nothing did.
func WriteNight(ctx context.Context, n finding.Night, o Options) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := finding.EncodeNight(&b, n); err != nil {
		return fmt.Errorf("rendering %s: %w", NightFile, err)
	}
	if err := writeFile(o.Dir, NightFile, b.Bytes()); err != nil {
		return err
	}
	s := nightScribe{n, o.Zone, true}
	if err := writeFile(o.Dir, SubjectsFile, []byte(s.subjects())); err != nil {
		return err
	}
	return writeFile(o.Dir, IndexFile, []byte(s.index()))
}

// NightSummary is the index without links into the directory, for a pull
// request or a chat.
func NightSummary(n finding.Night, zone *time.Location) string {
	return nightScribe{n, zone, false}.index()
}

// nightScribe puts a night into words.
type nightScribe struct {
	night finding.Night
	zone  *time.Location
	links bool
}

func (s nightScribe) at(t time.Time) string {
	zone := s.zone
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2 Jan 15:04")
}

func (s nightScribe) day() string {
	zone := s.zone
	if zone == nil {
		zone = time.UTC
	}
	return s.night.Window.End.In(zone).Format("2 Jan 2006 15:04 MST")
}

// index is what somebody reads in the morning.
func (s nightScribe) index() string {
	var changed, missed, open []finding.NightSubject
	for _, one := range s.night.Subjects {
		switch {
		case len(one.Changes) > 0:
			changed = append(changed, one)
		case one.Verdict.Status == finding.Fail:
			missed = append(missed, one)
		}
		if one.Status == finding.NightIncomplete || one.Status == finding.NightAbsent {
			open = append(open, one)
		}
	}
	var b strings.Builder
	partly := ""
	if len(s.night.Gaps) > 0 {
		partly = " (incomplete)"
	}
	fmt.Fprintf(&b, "# %s%s in the day to %s\n\n", s.headline(len(changed), len(missed), len(open)), partly, s.day())
	fmt.Fprintf(&b, "%s%s\n", s.compared(), s.every())
	if len(s.night.Gaps) > 0 {
		b.WriteString("\n## What could not be asked\n\n")
		for _, gap := range s.night.Gaps {
			fmt.Fprintf(&b, "- %s\n", sentence(gap))
		}
	}
	if len(changed) > 0 {
		b.WriteString("\n## What changed\n")
		for i := range changed {
			s.changes(&b, &changed[i])
		}
	}
	if len(missed) > 0 {
		b.WriteString("\n## As before, but not good enough\n\n")
		for i := range missed {
			fmt.Fprintf(&b, "- %s: %s\n", s.name(&missed[i]), sentence(missed[i].Verdict.Summary))
		}
	}
	if len(open) > 0 {
		b.WriteString("\n## What could not be judged\n\n")
		for i := range open {
			fmt.Fprintf(&b, "- %s: %s\n", s.name(&open[i]), sentence(open[i].Why))
		}
	}
	if len(changed) > 0 {
		fmt.Fprintf(&b, "\n%s\n", s.method())
	}
	return b.String()
}

func (s nightScribe) headline(changed, missed, open int) string {
	all := len(s.night.Subjects)
	switch {
	case all == 0:
		return "No job ran"
	case open == all:
		return "Nothing could be judged"
	case changed == 0 && missed == 0 && fresh(s.night.Subjects) == all:
		return "Nothing to compare with yet"
	case changed == 0 && open+fresh(s.night.Subjects) >= all:
		return "Nothing could be compared" + notGood(missed)
	case changed == 0 && open+fresh(s.night.Subjects) > 0:
		return fmt.Sprintf("Nothing changed in %d of %s, the rest could not be compared", all-open-fresh(s.night.Subjects), plural(float64(all), "subject")) + notGood(missed)
	case changed > 0:
		return fmt.Sprintf("%d of %s changed", changed, plural(float64(all), "subject"))
	case missed > 0:
		return fmt.Sprintf("Nothing changed, %d of %s not good enough", missed, plural(float64(all), "subject"))
	}
	return "Nothing changed"
}

// notGood is the end of a headline where subjects missed what is wanted of them.
func notGood(missed int) string {
	if missed == 0 {
		return ""
	}
	return fmt.Sprintf("; %d not good enough", missed)
}

// fresh is how many subjects have too few nights yet.
func fresh(subjects []finding.NightSubject) int {
	n := 0
	for i := range subjects {
		if subjects[i].Status == finding.NightNew {
			n++
		}
	}
	return n
}

// compared says in a sentence or two what the night rests on.
func (s nightScribe) compared() string {
	hours, judged, nights, lasting, runs, earlier := 0, 0, 0, 0, 0, 0
	for _, one := range s.night.Subjects {
		if one.Run != nil {
			runs++
			if one.Run.Compared >= s.night.Options.MinRuns && one.Why == "" {
				earlier++
			}
			continue
		}
		lasting++
		hours += one.Hours
		if one.Nights >= s.night.Options.MinNights && one.Hours > 0 {
			judged++
			nights = max(nights, one.Nights)
		}
	}
	var text []string
	switch {
	case lasting == 0:
	case judged == 0:
		text = append(text, fmt.Sprintf("No subject has the %s before it that a comparison needs; %d of %s of data are there.",
			plural(float64(s.night.Options.MinNights), "night"), hours, plural(float64(24*lasting), "hour")))
	default:
		text = append(text, fmt.Sprintf("%d of %s compared with up to %s before; %d of %s of data are there.", judged, plural(float64(lasting), "subject"),
			plural(float64(nights), "night"), hours, plural(float64(24*lasting), "hour")))
	}
	if runs > 0 {
		text = append(text, fmt.Sprintf("%d of %s compared with earlier runs of the same%s.", earlier, jobsAndPipelines(runs), s.tooFew(runs, earlier)))
	}
	if len(text) == 0 {
		text = append(text, "No subject of the configuration was at work.")
	}
	return strings.Join(text, " ")
}

// tooFew says how many earlier runs a run needs, where one has fewer.
func (s nightScribe) tooFew(runs, compared int) string {
	if runs == compared {
		return ""
	}
	for _, one := range s.night.Subjects {
		if one.Run != nil && one.Run.Compared < s.night.Options.MinRuns {
			return fmt.Sprintf(", which takes %s", plural(float64(s.night.Options.MinRuns), "earlier run"))
		}
	}
	return ""
}

func (s nightScribe) every() string {
	if !s.links {
		return ""
	}
	return " [Every subject](" + SubjectsFile + ")"
}

func (s nightScribe) name(one *finding.NightSubject) string {
	name := code(one.Subject)
	if one.Region != "" && s.several() {
		name += " in " + prose(one.Region)
	}
	if one.Page != "" && s.links {
		return "[" + name + "](" + path.Join(one.Page, MarkdownFile) + ")"
	}
	return name
}

// several says whether the subjects stand in more than one region, as far as
// theirs are known.
func (s nightScribe) several() bool {
	region := ""
	for _, one := range s.night.Subjects {
		if one.Region != "" && region != "" && one.Region != region {
			return true
		}
		region = cmp.Or(region, one.Region)
	}
	return false
}

// changes are one subject's, a line each.
func (s nightScribe) changes(b *strings.Builder, one *finding.NightSubject) {
	fmt.Fprintf(b, "\n### %s\n\n", s.name(one))
	for i := range one.Changes {
		c := &one.Changes[i]
		mark := ""
		if c.Worse {
			mark = "**Worse:** "
		}
		if c.Better {
			mark = "**Better:** "
		}
		if c.Kind == finding.ChangeFailure {
			mark = "**Failure:** "
		}
		fmt.Fprintf(b, "- %s%s %s\n", mark, sentence(c.Title), s.known(c, one.Run))
	}
	if one.Run != nil && one.Run.Compared > 0 {
		how := "Compared with"
		if one.Run.Compared < s.night.Options.MinRuns {
			how = fmt.Sprintf("Its numbers are not compared, which takes %s: there are", plural(float64(s.night.Options.MinRuns), "earlier run"))
		}
		fmt.Fprintf(b, "\n%s %s of %s: %s.\n", how, plural(float64(one.Run.Compared), "earlier run"), code(one.Run.Family), prose(one.Run.Rule))
	}
	if one.Verdict.Status == finding.Fail {
		fmt.Fprintf(b, "\n%s\n", sentence(one.Verdict.Summary))
	}
}

// known is since when and how sure.
func (s nightScribe) known(c *finding.Change, run *finding.NightRun) string {
	text := "Since " + s.at(c.From)
	if run != nil && c.Kind != finding.ChangeSilence {
		text = "Ended " + s.at(c.From)
		if c.Q.Known() {
			text += fmt.Sprintf("; against %s, q %s", plural(float64(c.Compared), "run"), small(float64(c.Q)))
		}
		return text + ". `[" + c.Query + "]`"
	}
	if !c.Until.IsZero() {
		text = "From " + s.at(c.From) + " to " + s.at(c.Until)
	}
	if c.Kind == finding.ChangeLevel && c.Q.Known() {
		text += fmt.Sprintf("; %s against %d, q %s", plural(float64(c.N), "hour"), c.Compared, small(float64(c.Q)))
	}
	return text + ". `[" + c.Query + "]`"
}

// small is a chance.
func small(q float64) string {
	if q < 0.001 {
		return "< 0.001"
	}
	return fixed(q, 3)
}
