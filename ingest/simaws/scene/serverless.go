package scene

import "math"

// serverlessPlan is what is planted on a serverless endpoint.
type serverlessPlan struct {
	rate        float64 // requests per second, on average
	swing       float64 // by which the rate goes up and down, as a share
	service     float64 // median model latency, seconds
	allowed     int     // MaxConcurrency
	provisioned int     // 0 for none
	cold        float64 // share of requests that meet a cold start
	setup       float64 // median of a cold start, seconds
	clientError float64 // share of requests that are wrong in themselves
}

func serverlessScenarios() []Scenario {
	return []Scenario{
		{
			Name: "serverless-cold-starts", About: "a serverless endpoint whose executions are let go between requests",
			Draw: func(seed uint64) (*Test, error) {
				s := newSketch("serverless-cold-starts", "endpoint", "captions-serverless", 180, seed)
				return s.serverless(serverlessPlan{
					rate: s.between(0.4, 0.9), swing: 0.5, service: s.between(0.25, 0.6), allowed: 20,
					cold: s.between(0.04, 0.12), setup: s.between(3, 9), clientError: 0.004,
				}, "serverless_cold_starts", "pass"), nil
			},
		},
		{
			Name: "serverless-spillover", About: "a serverless endpoint whose provisioned concurrency is too small for its peaks",
			Draw: func(seed uint64) (*Test, error) {
				s := newSketch("serverless-spillover", "endpoint", "ranker-serverless", 180, seed)
				return s.serverless(serverlessPlan{
					rate: s.between(5, 8), swing: 0.6, service: s.between(0.5, 0.8), allowed: 60, provisioned: 4 + s.r.IntN(3),
					cold: s.between(0.004, 0.008), setup: s.between(3, 6), clientError: 0.002,
				}, "serverless_spillover", "pass"), nil
			},
		},
		{
			Name: "serverless-throttled", About: "a serverless endpoint that is called more often at one time than it allows",
			Draw: func(seed uint64) (*Test, error) {
				s := newSketch("serverless-throttled", "endpoint", "search-serverless", 180, seed)
				return s.serverless(serverlessPlan{
					rate: s.between(6, 9), swing: 0.7, service: s.between(0.7, 0.9), allowed: 8 + s.r.IntN(3),
					cold: s.between(0.001, 0.003), setup: s.between(3, 6), clientError: 0.003,
				}, "serverless_throttles", "fail"), nil
			},
		},
	}
}

// serverless draws the endpoint. Executions come and go as in a queue without
// waiting room: what finds all allowed ones busy is turned away, what finds the
// provisioned ones busy runs beside them.
func (s *sketch) serverless(p serverlessPlan, check, verdict string) *Test {
	const sigma = 0.3
	mean := p.service * math.Exp(sigma*sigma/2)
	asked, errors, cold := make([]int, s.minutes), make([]int, s.minutes), make([]int, s.minutes)
	spilled, none, use := make([]int, s.minutes), make([]int, s.minutes), make([]float64, s.minutes)
	var spill, turned, whole float64
	for i := range s.minutes {
		rate := p.rate * (1 + p.swing*math.Sin(2*math.Pi*float64(i)/90))
		asked[i] = s.poisson(60 * rate)
		load := rate * mean
		away := s.hits(asked[i], erlangB(p.allowed, load))
		errors[i] = away + s.hits(asked[i]-away, p.clientError)
		cold[i] = s.hits(asked[i]-away, p.cold)
		spilled[i] = s.hits(asked[i], erlangB(p.provisioned, load))
		for range 60 {
			use[i] = max(use[i], float64(min(s.poisson(load), p.allowed))/float64(p.allowed))
		}
		if away > 0 {
			use[i] = 1
		}
		whole += 60 * rate
		spill += 60 * rate * erlangB(p.provisioned, load)
		turned += 60 * rate * erlangB(p.allowed, load)
	}
	on := s.variant()
	s.flags(published{space: invocationSpace, name: "Invocations", unit: "None", dims: on}, asked, asked)
	s.flags(published{space: invocationSpace, name: "Invocation4XXErrors", unit: "None", dims: on}, errors, asked)
	s.flags(published{space: invocationSpace, name: "Invocation5XXErrors", unit: "None", dims: on}, none, asked)
	s.serverlessTimes(p, sigma, asked, cold)
	s.draw(published{space: invocationSpace, name: "ServerlessConcurrentExecutionsUtilization", unit: "None", dims: on}, func(i int) []float64 { return []float64{use[i]} })
	s.draw(published{space: instanceSpace, name: "MemoryUtilization", unit: "Percent", dims: on}, func(int) []float64 { return []float64{s.between(38, 46)} })
	if check == "serverless_cold_starts" {
		// What is asked is how many met one, not what the chance was.
		s.truth.Values["cold_start_ratio"], s.truth.Values["cold_start_s"] = float64(count(cold))/float64(count(asked)), p.setup
	}
	if check == "serverless_throttles" {
		s.truth.Values["throttle_ratio"] = turned / whole
	}
	if p.provisioned > 0 {
		took := make([]int, s.minutes)
		for i := range took {
			took[i] = asked[i] - spilled[i]
		}
		s.flags(published{space: invocationSpace, name: "ServerlessProvisionedConcurrencyInvocations", unit: "Count", dims: on}, took, took)
		s.flags(published{space: invocationSpace, name: "ServerlessProvisionedConcurrencySpilloverInvocations", unit: "Count", dims: on}, spilled, spilled)
		s.truth.Values["provisioned_spill_ratio"] = spill / whole
	}
	s.truth.Words["check"], s.truth.Words["verdict"] = check, verdict
	config := map[string]any{"MemorySizeInMB": 4096, "MaxConcurrency": p.allowed}
	if p.provisioned > 0 {
		config["ProvisionedConcurrency"] = p.provisioned
	}
	s.endpointOf("", 0, map[string]any{"ServerlessConfig": config}, map[string]any{"CurrentServerlessConfig": config}, nil)
	s.log("/aws/sagemaker/Endpoints/"+s.name, variantName+"/0f3a", func(i int) string {
		if cold[i] == 0 {
			return ""
		}
		return stamp(s.at(i), "INFO model loaded, ready to serve")
	})
	return s.test()
}

// serverlessTimes draws the latencies. A cold start is in the overhead.
func (s *sketch) serverlessTimes(p serverlessPlan, sigma float64, asked, cold []int) {
	on := s.variant()
	setups := make([][]float64, s.minutes)
	for i := range setups {
		for range cold[i] {
			setups[i] = append(setups[i], 1e6*s.lognormal(p.setup, 0.25))
		}
	}
	s.draw(published{space: invocationSpace, name: "ModelSetupTime", unit: "Microseconds", dims: on}, func(i int) []float64 { return setups[i] })
	s.draw(published{space: invocationSpace, name: "ModelLatency", unit: "Microseconds", dims: on}, func(i int) []float64 {
		out := make([]float64, asked[i])
		for j := range out {
			out[j] = 1e6 * s.lognormal(p.service, sigma)
		}
		return out
	})
	s.draw(published{space: invocationSpace, name: "OverheadLatency", unit: "Microseconds", dims: on}, func(i int) []float64 {
		out := make([]float64, asked[i])
		for j := range out {
			out[j] = 1e6 * s.lognormal(0.012, 0.4)
			if j < len(setups[i]) {
				out[j] += setups[i][j]
			}
		}
		return out
	})
}

func count(x []int) int {
	n := 0
	for _, v := range x {
		n += v
	}
	return n
}
