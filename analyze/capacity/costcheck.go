package capacity

import "sizewise/analyze/price"

func costCheck() Check {
	return Check{
		Name: "cost_per_million", Title: "Cost", Query: "instance_count",
		Question:    "What do the fleet and a million requests cost, as it ran and as recommended?",
		Formula:     "price per hour × instances × 1,000,000 / (3600 × requests/s): at the peak with the recommended instances, at the SLO rate with one instance (the low end of the rate gives the high end of the cost), and as it ran with instance hours over answers",
		MinimumData: "a price of the instance type in its region (--prices, made by sizewise prices refresh or by hand); the number of instances, or the SLO rate",
		Refuses: []string{
			"no price is given, or the table has none of the type in the region: no price is built in, and none is made from EC2's",
			sprintf("the price is more than %.0f days old, or dated in the future", price.RefuseAfter.Hours()/24),
			"a rate within the SLO that is only known from below: then the cost is at most what it gives",
			"no number of instances is recommended, or how many ran is not known",
		},
		Thresholds: []Threshold{
			{"price that is a warning, from an age of", price.WarnAfter.Hours() / 24, "days"},
			{"price that is refused, from an age of", price.RefuseAfter.Hours() / 24, "days"},
		},
	}
}
