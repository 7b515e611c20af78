package cloudwatch

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	quotatypes "github.com/aws/aws-sdk-go-v2/service/servicequotas/types"
)

// metrics asks CloudWatch for one page of a listing and one value.
func (p *prober) metrics(ctx context.Context) {
	c := p.client
	with := func(op *operation) func(*sdk.Options) {
		return func(o *sdk.Options) { o.APIOptions = append(o.APIOptions, p.options(op)...) }
	}
	end := time.Unix(0, 0).UTC()
	if p.request.Now != nil {
		end = p.request.Now().Truncate(time.Hour)
	}
	_, err := c.metrics.GetMetricData(ctx, &sdk.GetMetricDataInput{
		StartTime: aws.Time(end.Add(-time.Hour)), EndTime: aws.Time(end),
		MetricDataQueries: []types.MetricDataQuery{{Id: aws.String("q0"), MetricStat: &types.MetricStat{
			Metric: &types.Metric{Namespace: aws.String("AWS/SageMaker"), MetricName: aws.String("Invocations")},
			Period: aws.Int32(3600), Stat: aws.String("Sum"),
		}}},
	}, with(c.getMetricData))
	p.check("cloudwatch:GetMetricData", wrap("GetMetricData", err))
	if err == nil {
		p.result.Usage.Add(Usage{CostLow: pricePerMetric, CostHigh: pricePerMetric})
	}
	_, err = c.metrics.ListMetrics(ctx, &sdk.ListMetricsInput{Namespace: aws.String("AWS/SageMaker")}, with(c.listMetrics))
	p.check("cloudwatch:ListMetrics", wrap("ListMetrics", err))
	if err == nil {
		p.result.Usage.CostHigh += pricePerList
	}
}

// logs asks CloudWatch Logs for next to nothing. The query names a group that
// does not exist, so that nothing is scanned.
func (p *prober) logs(ctx context.Context) {
	c := p.client
	with := func(op *operation) func(*cloudwatchlogs.Options) {
		return func(o *cloudwatchlogs.Options) { o.APIOptions = append(o.APIOptions, p.options(op)...) }
	}
	group := aws.String(p.request.Group)
	_, err := c.logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: group, Limit: aws.Int32(1)}, with(c.describeLogGroups))
	p.check("logs:DescribeLogGroups", wrap("DescribeLogGroups", err))
	_, err = c.logs.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group, Limit: aws.Int32(1)}, with(c.describeLogStreams))
	p.check("logs:DescribeLogStreams", wrap("DescribeLogStreams", err))
	_, err = c.logs.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: group, Limit: aws.Int32(1), StartTime: aws.Int64(0), EndTime: aws.Int64(0),
	}, with(c.filterLogEvents))
	p.check("logs:FilterLogEvents", wrap("FilterLogEvents", err))
	_, err = c.logs.StartQuery(ctx, &cloudwatchlogs.StartQueryInput{
		LogGroupName: aws.String("/aws/sagemaker/Endpoints/" + nobody), QueryString: aws.String("fields @timestamp | limit 1"),
		StartTime: aws.Int64(0), EndTime: aws.Int64(0),
	}, with(c.startQuery))
	p.check("logs:StartQuery", wrap("StartQuery", err))
	const noQuery = "00000000-0000-4000-8000-000000000000"
	_, err = c.logs.GetQueryResults(ctx, &cloudwatchlogs.GetQueryResultsInput{QueryId: aws.String(noQuery)}, with(c.getQueryResults))
	p.check("logs:GetQueryResults", wrap("GetQueryResults", err))
	_, err = c.logs.StopQuery(ctx, &cloudwatchlogs.StopQueryInput{QueryId: aws.String(noQuery)}, with(c.stopQuery))
	p.check("logs:StopQuery", wrap("StopQuery", err))
}

// describe asks about a resource of each kind that nobody has.
func (p *prober) describe(ctx context.Context) {
	for _, k := range withConfigs(p.request.Kinds) {
		name := nobody
		if k.Optional() {
			name = variantResource(nobody, "AllTraffic")
		}
		_, usage, err := p.client.Describe(ctx, Resource{k, name})
		p.result.Usage.Add(usage)
		p.check(k.Action(), err)
	}
}

// quotas asks for the limits of the operations that sizewise uses. Service
// Quotas lists a few hundred; these are told by their names, since only the
// adjustable ones have published codes.
func (p *prober) quotas(ctx context.Context) {
	var failed error
	for _, service := range []string{"logs", "monitoring"} {
		in := &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String(service), MaxResults: aws.Int32(100)}
		var guard tokens
		for more := true; more && failed == nil; {
			out, err := p.client.quotas.ListServiceQuotas(ctx, in, func(o *servicequotas.Options) {
				o.APIOptions = append(o.APIOptions, p.options(p.client.listServiceQuotas)...)
			})
			if failed = wrap("ListServiceQuotas", err); err != nil {
				break
			}
			for _, q := range out.Quotas {
				if ours(aws.ToString(q.QuotaName)) {
					p.result.Quotas = append(p.result.Quotas, Quota{
						Service: service, Code: aws.ToString(q.QuotaCode), Name: aws.ToString(q.QuotaName),
						Value: aws.ToFloat64(q.Value), Adjustable: q.Adjustable,
						Applied: q.QuotaAppliedAtLevel == quotatypes.AppliedLevelEnumAccount,
					})
				}
			}
			in.NextToken = out.NextToken
			more, failed = guard.next(out.NextToken)
		}
	}
	slices.SortFunc(p.result.Quotas, func(a, b Quota) int {
		return cmp.Or(strings.Compare(a.Service, b.Service), strings.Compare(a.Code, b.Code))
	})
	p.check("servicequotas:ListServiceQuotas", failed)
}

// ours says whether a quota of this name limits an operation that sizewise uses.
func ours(name string) bool {
	for _, operation := range []string{
		"GetMetricData", "ListMetrics", "FilterLogEvents", "DescribeLogGroups", "DescribeLogStreams", "StartQuery", "GetQueryResults",
	} {
		if strings.Contains(name, operation) {
			return true
		}
	}
	return false
}
