package finding

// USL is Gunther's universal scalability law through the load steps: served
// requests/s and instance at a concurrency of N, by Little's law, are
// Gamma N / (1 + Alpha (N-1) + Beta N (N-1)). It describes the curve that was
// seen. No answer rests on it: its peak is no capacity. Intervals are t
// intervals with N-3 degrees of freedom at 95 %, whose ends may lie below 0.
type USL struct {
	Alpha   Number `json:"alpha"` // contention, share of the work that is serial
	AlphaLo Number `json:"alpha_lo"`
	AlphaHi Number `json:"alpha_hi"`
	Beta    Number `json:"beta"` // coherency, cost of every pair of requests
	BetaLo  Number `json:"beta_lo"`
	BetaHi  Number `json:"beta_hi"`
	Gamma   Number `json:"gamma_rps"` // requests/s of one request alone
	GammaLo Number `json:"gamma_lo_rps"`
	GammaHi Number `json:"gamma_hi_rps"`
	RSS     Number `json:"rss"`       // residual sum of squares, (requests/s)^2
	Sigma   Number `json:"sigma_rps"` // residual standard deviation
	N       int    `json:"n"`         // load steps
}

// At is the law's rate at a concurrency of n.
func (u *USL) At(n float64) float64 {
	return float64(u.Gamma) * n / (1 + float64(u.Alpha)*(n-1) + float64(u.Beta)*n*(n-1))
}

// Knee is where latency turns up, by two lines through its logarithm that fit
// better than one. It describes the curve: a knee lies inside whatever range was
// tested, and no answer rests on it.
type Knee struct {
	FromRPS Number `json:"from_rps_per_instance"` // the load steps between which the lines meet
	ToRPS   Number `json:"to_rps_per_instance"`
	Before  Number `json:"growth_before"` // of latency per request/s, 0.01 is 1 %
	After   Number `json:"growth_after"`
	F       Number `json:"f"` // statistic with 2 and N-4 degrees of freedom
	P       Number `json:"p"` // its tail probability
	N       int    `json:"n"` // load steps
}
