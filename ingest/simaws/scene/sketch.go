package scene

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sizewise/ingest/simaws/account"
)

// Namespaces and names that scenes share.
const (
	invocationSpace = "AWS/SageMaker"
	instanceSpace   = "/aws/sagemaker/Endpoints"
	componentSpace  = "/aws/sagemaker/InferenceComponents"
	variantName     = "AllTraffic"
	accountID       = "123456789012"
	regionName      = "us-east-1"
)

// settling is how long after a scene's end all of it has arrived.
const settling = 30 * time.Minute

// sketch draws one subject of a serving kind, minute by minute.
type sketch struct {
	account *account.Account
	kind    string
	name    string
	start   time.Time
	minutes int
	r       *rand.Rand
	truth   Truth
}

// newSketch begins a scene of so many minutes. What is drawn depends on the
// scenario's name and the seed.
func newSketch(scenario, kind, name string, minutes int, seed uint64) *sketch {
	h := fnv.New64a()
	h.Write([]byte(scenario))
	return &sketch{
		account: &account.Account{ID: accountID, Region: regionName},
		kind:    kind, name: name, minutes: minutes,
		start: time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC),
		r:     rand.New(rand.NewPCG(seed, h.Sum64())),
		truth: Truth{Values: map[string]float64{}, Words: map[string]string{}},
	}
}

func (s *sketch) end() time.Time { return s.start.Add(time.Duration(s.minutes) * time.Minute) }

func (s *sketch) at(i int) time.Time { return s.start.Add(time.Duration(i) * time.Minute) }

// test is the finished scene.
func (s *sketch) test() *Test {
	return &Test{
		Account: s.account, Kind: s.kind, Name: s.name, Start: s.start, End: s.end(), Now: s.end().Add(settling), Truth: s.truth,
	}
}

// between is a number drawn evenly.
func (s *sketch) between(lo, hi float64) float64 { return lo + (hi-lo)*s.r.Float64() }

// lognormal is a time around its median.
func (s *sketch) lognormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*s.r.NormFloat64())
}

// poisson is a count around its mean.
func (s *sketch) poisson(mean float64) int {
	if mean > 200 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*s.r.NormFloat64())))
	}
	n, p, limit := 0, 1.0, math.Exp(-mean)
	for {
		p *= s.r.Float64()
		if p <= limit {
			return n
		}
		n++
	}
}

// hits is how many of n come true.
func (s *sketch) hits(n int, p float64) int {
	got := 0
	for range n {
		if s.r.Float64() < p {
			got++
		}
	}
	return got
}

func (s *sketch) dims(pairs ...string) []account.Dim {
	var out []account.Dim
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, account.Dim{Name: pairs[i], Value: pairs[i+1]})
	}
	return out
}

// variant are the dimensions of the endpoint's one variant.
func (s *sketch) variant() []account.Dim {
	return s.dims("EndpointName", s.name, "VariantName", variantName)
}

// published is one metric to draw.
type published struct {
	space, name, unit string
	dims              []account.Dim
	step              time.Duration // 0 is a minute
}

// draw publishes what values gives for each period; nil leaves it out.
func (s *sketch) draw(p published, values func(i int) []float64) {
	step := p.step
	if step == 0 {
		step = time.Minute
	}
	one := account.Series{Namespace: p.space, Name: p.name, Dims: p.dims, Unit: p.unit, Resolution: step}
	for i := range int(s.end().Sub(s.start) / step) {
		var point account.Point
		for _, v := range values(i) {
			point.Values = append(point.Values, float32(v))
		}
		if len(point.Values) > 0 {
			point.Time = s.start.Add(time.Duration(i) * step)
			one.Points = append(one.Points, point)
		}
	}
	if len(one.Points) > 0 {
		s.account.Metrics = append(s.account.Metrics, one)
	}
}

// flags publishes 1 for so many of the requests of a minute and 0 for the rest.
func (s *sketch) flags(p published, hits, of []int) {
	one := account.Series{Namespace: p.space, Name: p.name, Dims: p.dims, Unit: p.unit, Resolution: time.Minute}
	for i := range of {
		point := account.Point{Time: s.at(i)}
		put := func(v float32, n int) {
			if n > 0 {
				point.Values, point.Counts = append(point.Values, v), append(point.Counts, float32(n))
			}
		}
		put(1, hits[i])
		put(0, of[i]-hits[i])
		if len(point.Values) > 0 {
			one.Points = append(one.Points, point)
		}
	}
	s.account.Metrics = append(s.account.Metrics, one)
}

func (s *sketch) describe(operation, name string, body map[string]any) {
	s.account.Described = append(s.account.Described, account.Described{Operation: operation, Name: name, Body: body})
}

// endpointOf describes an endpoint of one variant. Config goes into the variant as configured and
// current as deployed, extra into both answers.
func (s *sketch) endpointOf(instanceType string, count int, config, current, extra map[string]any) {
	created := s.start.Add(-48 * time.Hour)
	s.account.Configs = append(s.account.Configs, account.EndpointConfig{
		Name: s.name + "-config", Created: created.Add(-time.Minute), Extra: extra,
		Variants: []account.ConfigVariant{{Name: variantName, ModelName: s.name + "-model", InstanceType: instanceType, InitialCount: count, Weight: 1, Extra: config}},
	})
	s.account.Endpoints = append(s.account.Endpoints, account.Endpoint{
		Name: s.name, ConfigName: s.name + "-config", Status: "InService", Created: created, LastModified: created.Add(6 * time.Minute), Extra: extra,
		Variants: []account.EndpointVariant{{
			Name: variantName, CurrentCount: count, DesiredCount: count, Weight: 1, Serverless: instanceType == "", Extra: current,
			Image: accountID + ".dkr.ecr." + regionName + ".amazonaws.com/" + s.name + ":latest",
		}},
	})
	s.describe("DescribeModel", s.name+"-model", map[string]any{
		"CreationTime": created.Add(-time.Hour), "PrimaryContainer": map[string]any{"Image": accountID + ".dkr.ecr." + regionName + ".amazonaws.com/" + s.name + ":latest"},
	})
}

// log writes one stream of a group; line is asked once a minute, "" for none.
func (s *sketch) log(group, stream string, line func(i int) string) {
	out := account.LogStream{Name: stream, Created: s.start}
	for i := range s.minutes {
		if text := line(i); text != "" {
			at := s.at(i).Add(time.Duration(s.r.IntN(59_000)) * time.Millisecond)
			out.Events = append(out.Events, account.LogEvent{Time: at, Ingested: at.Add(3 * time.Second), Message: text})
		}
	}
	s.account.LogGroups = append(s.account.LogGroups, account.LogGroup{Name: group, Created: s.start.Add(-48 * time.Hour), Streams: []account.LogStream{out}})
}

// erlangB is the share of requests that find all servers busy when a load of so
// many servers is offered and nobody waits (Erlang 1917).
func erlangB(servers int, offered float64) float64 {
	b := 1.0
	for k := 1; k <= servers; k++ {
		b = offered * b / (float64(k) + offered*b)
	}
	return b
}

func stamp(t time.Time, text string) string {
	return fmt.Sprintf("%s %s", t.UTC().Format("2006-01-02T15:04:05.000Z"), text)
}

// lognormals are so many times around one median.
func (s *sketch) lognormals(n int, median, sigma float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = s.lognormal(median, sigma)
	}
	return out
}

// sortMetrics makes the order of what was drawn from maps the same every time.
// The values are drawn in the order of the map, so a map may only hold what is
// drawn already.
func (s *sketch) sortMetrics() {
	slices.SortStableFunc(s.account.Metrics, func(a, b account.Series) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
}
