package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

var uslData = flag.String("usl-data", "", "directory with the data sets of R's package usl as CSV files: oracledb.csv")

// methodRow is a line of the table of what the methods are held to beside the
// simulated load tests.
type methodRow struct {
	what, required, reached string
	of                      int
	met                     bool
}

// methodTable prints the rows.
func methodTable(rows []methodRow) string {
	var b strings.Builder
	b.WriteString("| what | required | reached | of | |\n|---|---|---|---|---|\n")
	for _, r := range rows {
		word := "met"
		if !r.met {
			word = "missed"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %s |\n", r.what, r.required, r.reached, r.of, word)
	}
	return b.String()
}

// methodRows measures published tables, null series and transformed tests.
func methodRows(t *testing.T, all []verdictOfTrial) []methodRow {
	t.Helper()
	rows := []methodRow{uslRow("coefficients", 1e-5), uslRow("standard errors", 1e-3), queueRow(), kneedleRow(), otavaRow(t)}
	if *uslData != "" {
		rows = append(rows, oracleRows(t, *uslData)...)
	}
	rows = append(rows, nullRows()...)
	return append(rows, metamorphicRows(all)...)
}

// TestMethods holds the rows that need no simulated load test.
func TestMethods(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine that computes: nothing to race, and ten times the time")
	}
	rows := methodRows(t, nil)
	t.Log("\n" + methodTable(rows))
	for _, r := range rows {
		if !r.met {
			t.Errorf("%s: %s, required %s", r.what, r.reached, r.required)
		}
	}
}

// uslRow compares the fits of the published data sets; what says which numbers.
func uslRow(what string, tolerance float64) methodRow {
	cisco := []float64{
		955.16, 1878.91, 2688.01, 3548.68, 4315.54, 5130.43, 5931.37, 6531.08, 7219.8, 7867.61, 8278.71,
		8646.7, 9047.84, 9426.55, 9645.37, 9897.24, 10097.6, 10240.5, 10532.39, 10798.52, 11151.43, 11518.63,
		11806, 12089.37, 12075.41, 12177.29, 12211.41, 12158.93, 12155.27, 12118.04, 12140.4, 12074.39,
	}
	var upward []float64
	for i := range cisco {
		upward = append(upward, float64(i+1))
	}
	rayN, rayX := []float64{1, 4, 8, 12, 16, 20, 24, 28, 32, 48, 64}, []float64{20, 78, 130, 170, 190, 200, 210, 230, 260, 280, 310}
	worst, n := 0.0, 0
	for _, s := range []struct {
		n, x, coefficients, errors []float64
	}{
		{
			[]float64{1, 18, 36, 72, 108, 144, 216},
			[]float64{64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775, 1702.2},
			[]float64{.0277285, 1.0436550e-4, 89.99523},
			[]float64{.0091217, 1.98753e-5, 14.21349},
		},
		{rayN[:6], rayX[:6], []float64{.02444404, .00162681, 20.856045}, []float64{.0083907, 2.614e-4, .788506}},
		{rayN, rayX, []float64{.05777078, 0, 21.848843}, []float64{.013293, 1.179e-4, 2.19616}},
		{upward, cisco, []float64{.02671595, 7.690939e-4, 995.64879}, []float64{.0044938, 8.6454e-5, 28.698}},
	} {
		f, ok := stat.FitUSL(s.n, s.x)
		if !ok {
			worst = math.Inf(1)
		}
		got, want := []float64{f.Alpha, f.Beta, f.Gamma}, s.coefficients
		if tolerance > 1e-4 {
			got, want = []float64{f.AlphaSE, f.BetaSE, f.GammaSE}, s.errors
		}
		for i := range got {
			off := math.Abs(got[i]/want[i] - 1)
			if want[i] == 0 {
				off = math.Abs(got[i]) * tolerance / 1e-9
			}
			worst, n = max(worst, off), n+1
		}
	}
	return methodRow{"A: universal scalability law, published " + what, fmt.Sprintf("within %.0e", tolerance), fmt.Sprintf("%.1e at worst", worst), n, worst <= tolerance}
}

// queueRow compares Erlang C, Allen-Cunneen and Sakasegawa with their table.
func queueRow() methodRow {
	worst, n := 0.0, 0
	for _, row := range [][6]float64{
		{1, .5, .500000, 1.000000, .625000, 1.000000},
		{2, .8, .711111, 1.777778, 1.111111, 1.809131},
		{4, .8, .596432, .745541, .465963, .771549},
		{8, .8, .457645, .286028, .178768, .303135},
		{10, .8, .409180, .204590, .127869, .219448},
		{16, .8, .304884, .095276, .059548, .106337},
		{32, .9, .458197, .143186, .089492, .147527},
	} {
		q := stat.Queue{Servers: int(row[0]), Service: 1, Rate: row[0] * row[1], ArrivalCV2: 1, ServiceCV2: 1}
		quarter := q
		quarter.ServiceCV2 = .25
		for i, got := range []float64{stat.ErlangC(q.Servers, q.Rate), q.Wait(), quarter.Wait(), q.SakasegawaWait()} {
			worst, n = max(worst, math.Abs(got-row[2+i])), n+1
		}
	}
	return methodRow{"A: Erlang C, Allen-Cunneen and Sakasegawa, table of six digits", "within 1e-06", fmt.Sprintf("%.1e at worst", worst), n, worst <= 1e-6}
}

// oracleRows fit the oracledb data set, on which the peak of the scalability law is
// far below what the data itself shows: it must not come out as a capacity.
func oracleRows(t *testing.T, dir string) []methodRow {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "oracledb.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) []float64 {
		at, out := slices.Index(rows[0], name), []float64(nil)
		for _, r := range rows[1:] {
			v, err := strconv.ParseFloat(r[at], 64)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, v)
		}
		return out
	}
	sessions, busy, rate := column("db_time"), column("cpu_time"), column("txn_rate")
	law, ok := stat.FitUSL(sessions, rate)
	worst := 0.0
	for i, v := range []float64{law.Alpha, law.Beta, law.Gamma} {
		worst = max(worst, math.Abs(v/[]float64{.4413718, .0452982, 3.386079}[i]-1))
	}
	line, _ := stat.OLS(rate, busy)
	off := math.Abs(line.Slope/.2915144 - 1)
	var minutes []finding.Minute
	for i := range rate {
		m := absentMinute(time.Date(2012, 1, 19, 7, 2*i, 0, 0, time.UTC))
		m.Seconds, m.Invocations, m.PerInstance, m.ModelCount = 120, 120*rate[i], 120*rate[i], 120*rate[i]
		m.ModelMean, m.CPU, m.CPUHot, m.Reporting, m.Samples = sessions[i]/rate[i], busy[i], busy[i], 1, 1
		minutes = append(minutes, m)
	}
	c := capacity.Analyze(capacity.Input{Minutes: minutes, Tested: finding.Tested{VCPU: 4, DescribedCount: 1, PeriodS: 120}}).Answers.Capacity
	said := string(c.Status)
	if c.Value.Known() {
		said += fmt.Sprintf(" %.2f", float64(c.Value))
	}
	return []methodRow{
		{"A: oracledb, scalability law", "within 1e-05", fmt.Sprintf("%.1e at worst", worst), 3, ok && worst <= 1e-5},
		{"A: oracledb, CPU time per transaction", "within 1e-05", fmt.Sprintf("%.1e", off), 1, off <= 1e-5},
		{"A: oracledb, capacity (the law's peak of 4.74 is refuted by its own data)", "no answer of 4.74", said, 1, !answered(c) || math.Abs(float64(c.Value)/4.74-1) > .05},
	}
}

// nullRows measure how often nothing is taken for something, and how often
// something is found.
func nullRows() []methodRow {
	var out []methodRow
	for _, phi := range []float64{0, .5, .9, .97} {
		const null, planted = 4000, 1000
		r := rand.New(rand.NewPCG(121, uint64(100*phi)))
		wrong, right := 0.0, 0.0
		for range null {
			if c, ok := stat.CrossCorrelate(persistent(r, 240, phi), persistent(r, 240, phi), stat.CrossOptions{}); ok && c.P <= .05 {
				wrong += 1. / null
			}
		}
		for range planted {
			x, y := followed(r, 120, phi)
			if c, ok := stat.CrossCorrelate(x, y, stat.CrossOptions{}); ok && c.P <= .05 && c.Best.Lag == 2 {
				right += 1. / planted
			}
		}
		out = append(out,
			methodRow{fmt.Sprintf("E: independent series, AR(1) %g: correlations found", phi), "at most 6 %", percent(wrong), null, wrong <= .06},
			methodRow{fmt.Sprintf("E: r = .5 two minutes later, AR(1) %g: found, at that lag", phi), "at least 80 %", percent(right), planted, right >= .8})
	}
	return append(out, shuffledRows()...)
}

// shuffledRows count the change points that are found where the order of the
// values says nothing.
func shuffledRows() []methodRow {
	var out []methodRow
	const runs = 400
	r := rand.New(rand.NewPCG(122, 1))
	shifts, changes := 0, 0
	for range runs {
		// An autocorrelated benchmark, shuffled: whatever it had is gone.
		x := persistent(r, 240, .45)
		for i := range x {
			x[i] = 1 + .03*x[i]
		}
		r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
		shifts += len(stat.ChangePoints(x, stat.ChangeOptions{MinSegment: 3, MinShift: .05}))
		// Benchmarks have spikes as well, rates of a load test do not.
		for i := range x {
			if r.Float64() < .04 {
				x[i] *= 1 + .3*r.ExpFloat64()
			}
		}
		changes += len(stat.EDivisive(x, stat.QuietDivisive()))
	}
	for _, m := range []struct {
		name string
		n    int
	}{{"with spikes, by e-divisive, which judges nights", changes}, {"by PELT, which cuts load steps", shifts}} {
		rate := float64(m.n) / runs
		out = append(out, methodRow{"E: change points in 240 shuffled points, " + m.name, "at most 0.1", fmt.Sprintf("%.3f", rate), runs, rate <= .1})
	}
	return out
}

// persistent is an AR(1) series with variance 1 of its innovations over
// 1/(1-phi^2), begun in its stationary state.
func persistent(r *rand.Rand, n int, phi float64) []float64 {
	x := make([]float64, n)
	v := r.NormFloat64() / math.Sqrt(1-phi*phi)
	for i := range x {
		v = phi*v + r.NormFloat64()
		x[i] = v
	}
	return x
}

// followed are two AR(1) series whose innovations correlate by one half, the
// second's two steps later.
func followed(r *rand.Rand, n int, phi float64) (x, y []float64) {
	e := make([]float64, n+2)
	for i := range e {
		e[i] = r.NormFloat64()
	}
	x, y = make([]float64, n), make([]float64, n)
	u, v := 0.0, 0.0
	for i := range n {
		u = phi*u + e[i+2]
		v = phi*v + .5*e[i] + math.Sqrt(.75)*r.NormFloat64()
		x[i], y[i] = u, v
	}
	return x, y
}
