package ingest

import "time"

// Quotas that AWS gives every account, per second and region. Sources: service
// quotas of CloudWatch and of CloudWatch Logs.
const (
	recentDatapoints = 180_000 // of GetMetricData when it starts in the last three hours
	olderDatapoints  = 396_000
	recentFor        = 3 * time.Hour
)

// quota is how many calls of an operation an account may make in a second, 0
// for those whose quota AWS does not publish.
func quota(operation, region string) float64 {
	switch operation {
	case "GetMetricData":
		return 500
	case "ListMetrics":
		return 25
	case "DescribeLogGroups", "StartQuery", "GetQueryResults":
		return 10
	case "FilterLogEvents":
		return filterQuota(region)
	default:
		return 0
	}
}

func filterQuota(region string) float64 {
	switch region {
	case "us-east-1":
		return 25
	case "ap-northeast-3", "ap-southeast-3", "ca-west-1", "eu-central-1", "il-central-1":
		return 5
	default:
		return 10
	}
}

// load is what a plan takes of a region's quotas.
type load struct {
	calls         map[string]int64
	recent, older int64 // datapoints
}

// least is the shortest time in which the quotas of a region allow the load:
// each is counted alone, since calls of different operations go side by side.
func (l load) least(region string) time.Duration {
	seconds := max(float64(l.recent)/recentDatapoints, float64(l.older)/olderDatapoints)
	for operation, calls := range l.calls {
		if q := quota(operation, region); q > 0 {
			seconds = max(seconds, float64(calls)/q)
		}
	}
	return time.Duration(seconds * float64(time.Second))
}
