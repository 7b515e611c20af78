package analyze

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/finding"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/estate"
)

var (
	weeksRuns = flag.Int("weeks-runs", 1, "estates of three weeks that nights are judged on")
	weeksSeed = flag.Uint64("weeks-seed", 1, "seed of the first")
	weeksSize = flag.Int("weeks-endpoints", 6, "endpoints of each; half of them change, at most twelve")
)

// drawnHours is an estate as hourly_levels has it.
func drawnHours(e *estate.Estate, start time.Time, hours int) map[string][]hour {
	type total struct{ sum, n float64 }
	out := map[string][]hour{}
	for _, s := range e.Account.Metrics {
		if len(s.Dims) != 2 {
			continue
		}
		name := s.Dims[0].Value
		all := out[name]
		if all == nil {
			all = make([]hour, hours)
			for i := range all {
				nan := math.NaN()
				all[i] = hour{invocations: nan, errors4xx: nan, errors5xx: nan, p50: nan, p99: nan, cpu: nan, gpu: nan, gpuMemory: nan, memory: nan, disk: nan, instances: nan}
			}
			out[name] = all
		}
		sums := make([]total, hours)
		p50, p99 := make([][]float64, hours), make([][]float64, hours)
		points := make([]float64, hours)
		for _, p := range s.Points {
			h := int(p.Time.Sub(start) / time.Hour)
			if h < 0 || h >= hours {
				continue
			}
			points[h]++
			for i, v := range p.Values {
				k := 1.0
				if p.Counts != nil {
					k = float64(p.Counts[i])
				}
				sums[h].sum += float64(v) * k
				sums[h].n += k
			}
			if s.Name == "ModelLatency" {
				p50[h], p99[h] = append(p50[h], weighted(p, 0.5)), append(p99[h], weighted(p, 0.99))
			}
		}
		for h := range all {
			if points[h] == 0 {
				continue
			}
			all[h].there = true
			all[h].minutes = max(all[h].minutes, points[h])
			if strings.HasSuffix(s.Name, "Utilization") {
				all[h].utilMinutes = points[h]
			}
			mean := sums[h].sum / sums[h].n
			switch s.Name {
			case "Invocations":
				all[h].invocations, all[h].instances = sums[h].sum, 2
			case "Invocation4XXErrors":
				all[h].errors4xx = sums[h].sum
			case "Invocation5XXErrors":
				all[h].errors5xx = sums[h].sum
			case "CPUUtilization":
				all[h].cpu = mean / 100
			case "MemoryUtilization":
				all[h].memory = mean / 100
			case "DiskUtilization":
				all[h].disk = mean / 100
			case "ModelLatency":
				slices.Sort(p50[h])
				slices.Sort(p99[h])
				all[h].p50, all[h].p99 = p50[h][len(p50[h])/2]/1e6, p99[h][len(p99[h])/2]/1e6
			}
		}
	}
	return out
}

// weighted is a quantile of a point's values.
func weighted(p account.Point, q float64) float64 {
	values := slices.Clone(p.Values)
	slices.Sort(values)
	return float64(values[min(len(values)-1, int(q*float64(len(values))))])
}

// TestNightsOfWeeks judges every night of estates that live, on hours that are
// drawn and not pulled: what was planted is told, and little else.
func TestNightsOfWeeks(t *testing.T) {
	start := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	const nights = 21
	told, late, plantedAll, falseAll, falseMost := 0, 0, 0, 0, 0
	for run := range *weeksRuns {
		seed := *weeksSeed + uint64(run)
		r := rand.New(rand.NewPCG(seed, 77))
		changes := plantChanges(r, start, *weeksSize, min(12, *weeksSize/2), 7, nights-1)
		e, err := estate.New(estate.Config{
			Seed: seed, Start: start, End: start.Add(nights * nightLength), Kinds: []string{}, Plain: *weeksSize,
			Lifelike: true, Brief: true, Changes: changes,
		})
		if err != nil {
			t.Fatal(err)
		}
		all := drawnHours(e, start, nights*24)
		found := make([]int, len(changes))
		for i := range found {
			found[i] = -1
		}
		var wrong []string
		for n := 1; n <= nights; n++ {
			for _, s := range judgeHours(all, start, n).Subjects {
				for _, c := range s.Changes {
					if !matchChange(changes, found, strings.TrimPrefix(s.Subject, "endpoint/"), c, start.Add(time.Duration(n)*nightLength)) {
						wrong = append(wrong, fmt.Sprintf("night %d %s: %s (from %s to %s, q %.2g)", n, s.Subject, c.Title, c.From.Format("01-02T15"), c.Until.Format("01-02T15"), float64(c.Q)))
					}
				}
			}
		}
		for i, c := range changes {
			plantedAll++
			switch found[i] {
			case 0:
				told++
			case 1:
				late++
			default:
				t.Logf("seed %d: %s x%.3g of %s at %s: not told in time (%d)", seed, c.Effect, c.Factor, c.Endpoint, c.At.Format("01-02T15:04"), found[i])
			}
		}
		for _, w := range wrong {
			t.Logf("seed %d: false: %s", seed, w)
		}
		falseAll += len(wrong)
		falseMost = max(falseMost, len(wrong))
	}
	t.Logf("%d runs: of %d changes %d told by the first night, %d a night later; %d false, at most %d in a run", *weeksRuns, plantedAll, told, late, falseAll, falseMost)
	if 12*(told+late) < 11*plantedAll || falseMost > 3 {
		t.Errorf("want 11 of 12 told within a night, and at most 3 false ones")
	}
}

// judgeHours is the night n, counted from 1.
func judgeHours(all map[string][]hour, start time.Time, n int) finding.Night {
	o := NightOptions{End: start.Add(time.Duration(n) * nightLength)}.withDefaults()
	reader := &nightReader{o: o}
	for name, hours := range all {
		f := &followed{home: home{key: name, variant: "AllTraffic"}, first: -1, hours: make([]hour, (o.Nights+1)*24)}
		for i := range 24 * n {
			at := len(f.hours) - 24*n + i
			f.hours[at] = hours[i]
			if hours[i].there && f.first < 0 {
				f.first = at
			}
		}
		f.fill()
		reader.followed = append(reader.followed, f)
	}
	slices.SortFunc(reader.followed, func(a, b *followed) int { return a.compare(b.home) })
	reader.judge()
	return reader.night()
}

func plantChanges(r *rand.Rand, start time.Time, endpoints, changes, first, last int) []estate.Change {
	names := r.Perm(endpoints)[:changes]
	effects := []estate.Effect{estate.Latency, estate.Errors, estate.Traffic, estate.Memory, estate.InstanceType, estate.Silence}
	var out []estate.Change
	for i, n := range names {
		c := estate.Change{Effect: effects[i%len(effects)], Endpoint: estate.PlainName(n)}
		day := first + r.IntN(last-first)
		c.At = start.Add(time.Duration(day)*24*time.Hour + time.Duration(r.IntN(1440))*time.Minute)
		up := r.IntN(3) > 0
		pick := func(a, b float64) float64 { return a + (b-a)*r.Float64() }
		switch c.Effect {
		case estate.Latency:
			c.Factor = pick(1.25, 1.6)
		case estate.Errors:
			c.Factor = pick(0.003, 0.02)
		case estate.Traffic:
			c.Factor = pick(1.7, 2.2)
			if !up {
				c.Factor = pick(0.4, 0.55)
			}
		case estate.Memory:
			c.Factor = pick(0.3, 0.8)
			c.Until = c.At.Add(time.Duration(pick(30, 60)) * time.Hour)
		case estate.InstanceType:
			c.Type, c.Factor = "ml.c5.4xlarge", pick(0.55, 0.75)
		case estate.Silence:
			c.Until = c.At.Add(time.Duration(pick(3, 8)*60) * time.Minute)
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b estate.Change) int { return a.At.Compare(b.At) })
	return out
}

// matchChange says whether what a night tells was planted, and notes the night.
func matchChange(planted []estate.Change, found []int, endpoint string, c finding.Change, end time.Time) bool {
	shows := map[estate.Effect][]string{
		estate.Latency: {"latency_p50", "latency_p99"}, estate.Errors: {"errors_5xx"}, estate.Traffic: {"traffic"},
		estate.Memory: {"memory_growth", "memory"}, estate.InstanceType: {"instance_type", "latency_p50", "latency_p99", "cpu_demand"}, estate.Silence: {"coverage"},
	}
	told := false
	for i, p := range planted {
		if p.Endpoint != endpoint || !slices.Contains(shows[p.Effect], c.Metric) {
			continue
		}
		near := func(at time.Time) bool {
			return !at.IsZero() && c.From.After(at.Add(-6*time.Hour)) && c.From.Before(at.Add(24*time.Hour))
		}
		told = told || near(p.At) || near(p.Until)
		if near(p.At) && found[i] < 0 {
			found[i] = int(end.Sub(p.At).Hours() / 24)
		}
	}
	return told
}
