package report

import "fmt"

// subjects is a line for every one.
func (s nightScribe) subjects() string {
	t := table{
		Head:  []string{"subject", "night", "changes", "hours", "nights or runs before", "its own report says"},
		Right: []bool{false, false, true, true, true},
	}
	for i := range s.night.Subjects {
		one := &s.night.Subjects[i]
		verdict := "-"
		if one.Verdict.Summary != "" {
			verdict = sentence(one.Verdict.Summary)
		}
		status := string(one.Status)
		if one.Why != "" {
			status += ": " + one.Why
		}
		hours, before := fmt.Sprint(one.Hours), fmt.Sprint(one.Nights)
		if one.Run != nil {
			hours, before = "-", plural(float64(one.Run.Compared), "run")
		}
		t.Rows = append(t.Rows, []string{s.name(one), prose(status), fmt.Sprint(len(one.Changes)), hours, before, verdict})
	}
	return fmt.Sprintf("# Every subject in the day to %s\n\n%s\n", s.day(), t.Markdown())
}

func jobsAndPipelines(n int) string {
	if n == 1 {
		return "1 job or pipeline"
	}
	return whole(float64(n)) + " jobs and pipelines"
}

// method says what a change is.
func (s nightScribe) method() string {
	o := s.night.Options
	return fmt.Sprintf("A change is told when hours of the day are off by more than days and parts of days differ: at most %s of such tellings are false on average, and relative ones are %s at least.",
		percent(o.Rate), percent(o.Floor))
}
