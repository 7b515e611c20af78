package cloudwatch

import "math"

// Limits are calls per second by operation. Zero means the default, which leaves
// a little of the account's default quota to others; a negative value means no limit.
// Source of the quotas: CloudWatch and CloudWatch Logs service quotas.
type Limits struct {
	GetMetricData      float64 // default 40 of 500 (50 in accounts with the old quota)
	Datapoints         float64 // datapoints per second asked of GetMetricData since at most 3 hours ago; default 166,000 of 180,000
	OlderDatapoints    float64 // the same since longer ago; default 365,000 of 396,000
	ListMetrics        float64 // default 23 of 25
	FilterLogEvents    float64 // default 23, 9.2 or 4.6 by region, of 25, 10 or 5
	DescribeLogGroups  float64 // default 9 of 10
	DescribeLogStreams float64 // default 23 of 25
	Queries            float64 // StartQuery, GetQueryResults and StopQuery, each; default 9 of 10
	Describe           float64 // each of SageMaker's Describe calls, and GetCallerIdentity; default 5
}

func (l Limits) withDefaults(region string) Limits {
	return Limits{
		GetMetricData:      orDefault(l.GetMetricData, 40),
		Datapoints:         orDefault(l.Datapoints, 166_000),
		OlderDatapoints:    orDefault(l.OlderDatapoints, 365_000),
		ListMetrics:        orDefault(l.ListMetrics, 23),
		FilterLogEvents:    orDefault(l.FilterLogEvents, filterRate(region)),
		DescribeLogGroups:  orDefault(l.DescribeLogGroups, 9),
		DescribeLogStreams: orDefault(l.DescribeLogStreams, 23),
		Queries:            orDefault(l.Queries, 9),
		Describe:           orDefault(l.Describe, 5),
	}
}

// filterRate is 92 % of the region's FilterLogEvents quota, which AWS does not
// raise on request. The rest is for whoever reads logs in the console meanwhile:
// the account's callers share it. Source: CloudWatch Logs service quotas.
func filterRate(region string) float64 {
	switch region {
	case "us-east-1":
		return 23
	case "ap-northeast-3", "ap-southeast-3", "ca-west-1", "eu-central-1", "il-central-1":
		return 4.6
	default:
		return 9.2
	}
}

func describeOperations(perSecond float64) map[ResourceKind]*operation {
	operations := make(map[ResourceKind]*operation)
	for _, k := range ResourceKinds() {
		operations[k] = newOperation(k.Operation(), perSecond)
	}
	return operations
}

// logWorkers is how many slices of a group are read at the same time: enough to
// use up perSecond calls when each takes half a second, which is a slow one.
func logWorkers(perSecond float64) int {
	return int(min(max(math.Ceil(perSecond/2), 2), maxLogWorkers))
}

func orDefault(v, fallback float64) float64 {
	switch {
	case v == 0:
		return fallback
	case v < 0:
		return math.Inf(1)
	default:
		return v
	}
}
