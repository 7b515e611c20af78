package report

import (
	"fmt"
	"math"
	"time"

	"sizewise/analyze/finding"
)

// hoursPerMonth is a twelfth of a year of 8,760 hours, as AWS reckons.
const hoursPerMonth = 730

// money writes dollars: to the cent from one dollar on, whole from a thousand on,
// and three significant digits below a dollar.
func money[N number](usd N) string {
	switch v := math.Abs(float64(usd)); {
	case !known(usd):
		return unknownText
	case v >= 1000:
		return whole(usd)
	case v >= 1 || v == 0:
		return fixed(usd, 2)
	default:
		return fixed(usd, decimalsFor(v, 3))
	}
}

// moneySpan is the interval of an estimate in dollars, in brackets; nothing where
// it has no width that shows.
func moneySpan(e finding.Estimate) string {
	lo, hi := money(e.Lo), money(e.Hi)
	if !e.Lo.Known() || !e.Hi.Known() || lo == hi {
		return ""
	}
	return " (" + lo + "–" + hi + ")"
}

// moneyText writes an estimate in dollars with its unit and interval.
func moneyText(e finding.Estimate) string { return money(e.Value) + " " + e.Unit + moneySpan(e) }

// answered reports whether an estimate has a value.
func answered(e finding.Estimate) bool {
	return e.Status != "" && e.Status != finding.Unanswerable && e.Value.Known()
}

// noCostSentence says in a line why nothing is said of cost, "" when there is a
// price.
func (s *scribe) noCostSentence() string {
	e := s.set.Answers.CostPerMillion
	if s.set.Price != nil || e.Status == "" {
		return ""
	}
	why := sentence(e.Why)
	if why == "" {
		why = "There are no prices."
	}
	return why + " None are built in: `sizewise prices refresh` asks AWS, and `--prices` takes any table."
}

// fleetCost is the cost of the fleet as current -> recommended, with what it
// makes a month.
func (s *scribe) fleetCost() string {
	e := s.set.Answers.CostPerHour
	if s.set.Price == nil || !answered(e) {
		return ""
	}
	if !e.Current.Known() {
		return fmt.Sprintf("That costs %s USD an hour, %s USD a month of %d hours.", money(e.Value), money(e.Value*hoursPerMonth), hoursPerMonth)
	}
	change := float64(e.Value-e.Current) * hoursPerMonth
	difference := "the same as now"
	switch {
	case change > 0:
		difference = fmt.Sprintf("**%s USD a month more** than now", money(change))
	case change < 0:
		difference = fmt.Sprintf("**%s USD a month less** than now", money(-change))
	}
	return fmt.Sprintf("That costs %s → %s USD an hour, %s (%d hours).", money(e.Current), money(e.Value), difference, hoursPerMonth)
}

// costNotes say which price the costs rest on; none without a price.
func (s *scribe) costNotes() []string {
	p := s.set.Price
	if p == nil {
		return nil
	}
	lines := []string{fmt.Sprintf("One %s for %s costs %s USD an hour in %s, on demand: %s, as of %s.",
		code(p.InstanceType), prose(p.Use), exact(p.USDPerHour), prose(p.Region), prose(p.Source), p.AsOf.UTC().Format(time.DateOnly))}
	if p.Old {
		lines = append(lines, "**That is more than 90 days old: it may have moved.** `sizewise prices refresh` asks AWS.")
	}
	return append(lines, "Good is a cost per million near that of a full instance: what lies above it is reserve and idle time.")
}

// costs is the table of what the fleets and a million requests cost.
func (s *scribe) costs() table {
	a := s.set.Answers
	t := table{Head: []string{"", "USD/hour", "USD/month", "USD per million requests", "how we know"}, Right: []bool{false, true, true, true}}
	if s.set.Price == nil {
		return t
	}
	add := func(name string, perHour finding.Number, per finding.Estimate) {
		hour, month, each := "", "", "no answer"
		if perHour.Known() {
			hour, month = money(perHour), money(perHour*hoursPerMonth)
		}
		if answered(per) {
			each = money(per.Value) + moneySpan(per)
		}
		t.Rows = append(t.Rows, []string{name, hour, month, each, s.how(per)})
	}
	add("as it ran"+instancesOf(a.Instances.Current), a.CostPerHour.Current, a.CostPerMillionActual)
	recommended := finding.Missing()
	if answered(a.CostPerHour) {
		recommended = a.CostPerHour.Value
	}
	count := finding.Missing()
	if answered(a.Instances) {
		count = a.Instances.Value
	}
	add("as recommended, at the peak"+instancesOf(count), recommended, a.CostPerMillion)
	if s.set.Options.SLO != "" {
		add("an instance at the rate within the SLO", s.set.Price.USDPerHour, a.CostPerMillionAtSLO)
	}
	return t
}

// instancesOf names a fleet by its size, where that is known.
func instancesOf(n finding.Number) string {
	if !n.Known() {
		return ""
	}
	return " (" + plural(float64(n), "instance") + ")"
}

// traffic is the table of instances needed at several peaks, with what they cost
// where there is a price.
func (s *scribe) traffic() table {
	g, ok := s.ground()
	if !ok || !s.consistent(g) {
		return table{}
	}
	t := table{
		Head:  []string{"peak, requests/s", "instances", "each then serves", "of the rate it may serve", ""},
		Right: []bool{true, true, true, true},
	}
	if s.set.Price != nil {
		t.Head = []string{"peak, requests/s", "instances", "each then serves", "of the rate it may serve", "USD/month", ""}
		t.Right = append(t.Right, true)
	}
	for _, f := range s.set.Traffic {
		row := []string{exact(f.PeakRPS), whole(f.Instances), plain(f.InstanceRPS) + "/s", percent(f.Load)}
		if s.set.Price != nil {
			row = append(row, money(f.CostPerHour*hoursPerMonth))
		}
		t.Rows = append(t.Rows, append(row, s.remark(float64(f.PeakRPS), float64(f.Instances))))
	}
	return t
}
