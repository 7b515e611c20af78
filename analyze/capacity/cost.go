package capacity

import (
	"sizewise/analyze/finding"
	"sizewise/analyze/price"
)

// Units of the cost answers.
const (
	perMillion = "USD"
	perHour    = "USD/hour"
)

const (
	million        = 1e6
	secondsPerHour = 3600
)

// costs fills in what the fleet and its answers cost, or why that is not known.
func (a *analysis) costs(peak float64) {
	a.answers.CostPerHour = a.costPerHour()
	a.answers.CostPerMillion = a.costAtPeak(peak)
	a.answers.CostPerMillionActual = a.costAsItRan()
	a.answers.CostPerMillionAtSLO = a.costAtSLO()
}

// noPrice says why there is no price, "" when there is one.
func (a *analysis) noPrice() string {
	q := a.in.Price
	switch {
	case q.Known:
		return ""
	case q.Why == "":
		return "No prices: none were given."
	}
	return "No prices: " + q.Why + "."
}

// usd is the price of one instance for an hour.
func (a *analysis) usd() float64 { return a.in.Price.Price.USDPerHour }

// perMillionAt is what a million answers cost at a rate of a fleet.
func (a *analysis) perMillionAt(instances, rate float64) float64 {
	return a.usd() * instances * million / (secondsPerHour * rate)
}

// costPerHour is the fleet's, as it runs and as it should.
func (a *analysis) costPerHour() finding.Estimate {
	e := refused(perHour, a.noPrice())
	if e.Why != "" {
		return e
	}
	i := a.answers.Instances
	e.Current = finding.Number(a.usd() * float64(i.Current))
	if i.Status == finding.Unanswerable {
		e.Why = "There is no number of instances to price: " + i.Why
		return e
	}
	scale := func(n finding.Number) finding.Number { return finding.Number(a.usd() * float64(n)) }
	e.Status, e.Method, e.N, e.Confidence = i.Status, "formula", 1, i.Confidence
	e.Value, e.Lo, e.Hi = scale(i.Value), scale(i.Lo), scale(i.Hi)
	e.Formula = sprintf("%.0f × %s = %s USD/hour", float64(i.Value), exact(a.usd()), dollars(float64(e.Value)))
	e.Why = sprintf("On demand, as of %s, by %s.", a.in.Price.Price.AsOf.Format(dayLayout), a.in.Price.Price.Source)
	return e
}

// costAtPeak is what a million answers cost when the recommended fleet serves the
// peak with its growth. Fewer requests make each dearer: the fleet costs the same.
func (a *analysis) costAtPeak(peak float64) finding.Estimate {
	e := refused(perMillion, a.noPrice())
	if e.Why != "" {
		return e
	}
	i := a.answers.Instances
	if i.Status == finding.Unanswerable {
		e.Why = "There is no number of instances to price: " + i.Why
		return e
	}
	load := a.load(peak)
	if !(load > 0) {
		e.Why = "No traffic is known to share the cost of the fleet."
		return e
	}
	cost := func(n finding.Number) finding.Number { return finding.Number(a.perMillionAt(float64(n), load)) }
	e.Status, e.Method, e.N, e.Confidence = i.Status, "formula", 1, i.Confidence
	e.Value, e.Lo, e.Hi = cost(i.Value), cost(i.Lo), cost(i.Hi)
	n := enoughDigits(func(round func(float64) float64) bool {
		return dollars(a.perMillionAt(float64(i.Value), a.load(round(peak)))) == dollars(float64(e.Value))
	})
	e.Formula = sprintf("%s × %.0f × 1,000,000 / (3,600 × %s) = %s USD", exact(a.usd()), float64(i.Value), a.loadTerm(peak, n), dollars(float64(e.Value)))
	e.Why = "While the recommended fleet serves the peak; at less traffic each request carries more of it."
	return e
}

// costAsItRan is what the answers of the window cost, with the time in which
// nobody called. Minutes in which nothing was published count neither way.
func (a *analysis) costAsItRan() finding.Estimate {
	e := refused(perMillion, a.noPrice())
	e.Query = "instance_count"
	if e.Why != "" {
		return e
	}
	hours, answers, index := 0.0, 0.0, []int(nil)
	for i := range a.buckets {
		m, b := &a.minutes[i], &a.buckets[i]
		if !known(b.offered) {
			continue
		}
		if !a.counted(m) {
			e.Why = "How many instances ran is not known (--instances says it)."
			return e
		}
		hours += b.k * m.Seconds / secondsPerHour
		if b.offered > 0 {
			answers += max(0, m.Served()) * m.Seconds
		}
		index = append(index, i)
	}
	if !(answers > 0) {
		e.Why = "Nothing was answered in the window."
		return e
	}
	cost := a.usd() * hours * million / answers
	e.Status, e.Method, e.N, e.Window = finding.Measured, "formula", len(index), a.window(index)
	e.Value, e.Lo, e.Hi = finding.Number(cost), finding.Number(cost), finding.Number(cost)
	e.Formula = sprintf("%s × %s instance hours × 1,000,000 / %s answers = %s USD", exact(a.usd()), digits(hours, 6), whole(answers), dollars(cost))
	e.Why = "As it ran, idle time included."
	return e
}

// counted reports whether the live instances of a bucket are known rather than
// taken for one.
func (a *analysis) counted(m *finding.Minute) bool {
	return m.PerInstance > 0 || m.Reporting >= 1 || a.in.Tested.DescribedCount >= 1 || a.in.InstancesNow >= 1
}

// costAtSLO is what a million answers cost while each instance serves what the
// SLO allows, which no fleet with a reserve does.
func (a *analysis) costAtSLO() finding.Estimate {
	e := refused(perMillion, a.noPrice())
	e.SLO, e.Query = a.answers.SLORate.SLO, "slo_crossing"
	rate := a.answers.SLORate
	switch {
	case e.Why != "":
		return e
	case rate.Status == finding.Unanswerable:
		e.Why = "There is no rate within the SLO to price: " + rate.Why
		return e
	case rate.Status == finding.AtLeast:
		e.Why = sprintf("At most %s USD: the rate within the SLO is only known from below.", dollars(a.perMillionAt(1, float64(rate.Value))))
		return e
	}
	// The dear end belongs to the low end of the rate.
	e.Status, e.Method, e.N, e.Confidence, e.Window = rate.Status, "formula", rate.N, rate.Confidence, rate.Window
	e.Value = finding.Number(a.perMillionAt(1, float64(rate.Value)))
	e.Lo, e.Hi = e.Value, e.Value
	if rate.Hi > 0 {
		e.Lo = finding.Number(a.perMillionAt(1, float64(rate.Hi)))
	}
	if rate.Lo > 0 {
		e.Hi = finding.Number(a.perMillionAt(1, float64(rate.Lo)))
	}
	n := enoughDigits(func(round func(float64) float64) bool {
		return dollars(a.perMillionAt(1, round(float64(rate.Value)))) == dollars(float64(e.Value))
	})
	e.Formula = sprintf("%s × 1,000,000 / (3,600 × %s) = %s USD", exact(a.usd()), digits(float64(rate.Value), n), dollars(float64(e.Value)))
	e.Why = "With each instance at the highest rate within the SLO, no reserve kept."
	return e
}

// dollars prints an amount to the cent from one dollar on.
func dollars(usd float64) string {
	if usd >= 1 && usd < 1000 {
		return sprintf("%.2f", usd)
	}
	return figure(usd)
}

// dayLayout prints the day of a price.
const dayLayout = "2006-01-02"

// price is the price as the result carries it, nil when there is none.
func (a *analysis) price() *finding.Price {
	q := a.in.Price
	if !q.Known {
		return nil
	}
	return &finding.Price{
		Region: q.Price.Region, InstanceType: q.Price.InstanceType, Use: string(q.Price.Use),
		USDPerHour: finding.Number(q.Price.USDPerHour), AsOf: q.Price.AsOf, Source: q.Price.Source, Old: q.Old,
	}
}

// priceFinding warns of a price that may have moved.
func (a *analysis) priceFinding() []finding.Finding {
	q := a.in.Price
	if !q.Known || !q.Old {
		return nil
	}
	return []finding.Finding{{
		Check: "cost_per_million", Severity: finding.Warning, Query: "instance_count",
		Title: sprintf("The price of %s is of %s, more than %.0f days ago: it may have moved.",
			q.Price.InstanceType, q.Price.AsOf.Format(dayLayout), price.WarnAfter.Hours()/24),
		Evidence: []string{sprintf("%s USD an hour in %s, by %s; sizewise prices refresh asks AWS.", exact(q.Price.USDPerHour), q.Price.Region, q.Price.Source)},
	}}
}
