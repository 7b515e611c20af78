package change

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// moderate draws the variances of each family together, as far as the family is
// alike: a series that happened to be quiet for a few days is not trusted more
// than its like (Smyth 2004, "Linear models and empirical Bayes methods").
func moderate(views []*view) {
	families := map[string][]*view{}
	for _, v := range views {
		families[v.Family] = append(families[v.Family], v)
	}
	for _, f := range families {
		for i := range len4 {
			var all []variance
			for _, v := range f {
				if s := v.spreads[i]; s.df > 0 && s.v > 0 {
					all = append(all, s)
				}
			}
			prior := priorOf(all)
			if prior.df == 0 {
				continue
			}
			for _, v := range f {
				if s := v.spreads[i]; s.df > 0 {
					v.spreads[i] = variance{(prior.df*prior.v + s.df*s.v) / (prior.df + s.df), prior.df + s.df}
				}
			}
		}
	}
}

const (
	leastFamily = 4  // series that a prior is made of
	mostPrior   = 50 // degrees of freedom that a prior can give
)

// priorOf is the common variance of a family and how many degrees of freedom it
// is worth, from the moments of the logarithms.
func priorOf(all []variance) variance {
	if len(all) < leastFamily {
		return variance{}
	}
	var e, each sum
	logs := make([]float64, len(all))
	for i, s := range all {
		logs[i] = math.Log(s.v) - mathext.Digamma(s.df/2) + math.Log(s.df/2)
		e.add(logs[i])
		each.add(trigamma(s.df / 2))
	}
	between := 0.0
	for _, l := range logs {
		between += (l - e.mean()) * (l - e.mean()) / float64(len(logs)-1)
	}
	df := float64(mostPrior)
	if beyond := between - each.mean(); beyond > 0 {
		df = min(df, 2*inverseTrigamma(beyond))
	}
	return variance{math.Exp(e.mean() + mathext.Digamma(df/2) - math.Log(df/2)), df}
}

// trigamma is the second derivative of the logarithm of the gamma function, for
// x above 0, by recurrence and the asymptotic series.
func trigamma(x float64) float64 {
	out := 0.0
	for ; x < 10; x++ {
		out += 1 / (x * x)
	}
	r := 1 / (x * x)
	return out + 1/x + r/2 + r/x*(1.0/6-r*(1.0/30-r*(1.0/42-r/30)))
}

// inverseTrigamma solves trigamma(x) = y, which falls, by bisection.
func inverseTrigamma(y float64) float64 {
	lo, hi := 1e-6, 1e6
	for range 200 {
		middle := math.Sqrt(lo * hi)
		if trigamma(middle) > y {
			lo = middle
		} else {
			hi = middle
		}
	}
	return math.Sqrt(lo * hi)
}
