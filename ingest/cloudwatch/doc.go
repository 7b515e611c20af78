// Package cloudwatch reads from a live AWS account: metrics of CloudWatch,
// events of CloudWatch Logs, and what SageMaker says of an endpoint. It only
// reads, and it returns plain structs: no type of the AWS SDK leaves it.
//
// # Operations and permissions
//
//	method          operation                AWS IAM action
//	List            ListMetrics              cloudwatch:ListMetrics
//	Fetch           GetMetricData            cloudwatch:GetMetricData
//	Group           DescribeLogGroups        logs:DescribeLogGroups
//	Events          FilterLogEvents          logs:FilterLogEvents
//	Endpoint        DescribeEndpoint         sagemaker:DescribeEndpoint
//	EndpointConfig  DescribeEndpointConfig   sagemaker:DescribeEndpointConfig
//	Account         GetCallerIdentity        none
//
// Policy prints them as an IAM policy.
//
// # Paging
//
// A page without a next token ends a listing; an empty page with one does not.
// CloudWatch has been seen to answer a page with the token that asked for it:
// the page is asked for again a few times, then the listing stops and says so
// in its result, never silently. Rows that come twice are the same row. A log
// token that the service no longer accepts (they live 24 hours) restarts the
// listing at the last event seen.
//
// # Partial data
//
// GetMetricData answers with HTTP 200 when it did less than it was asked. Every
// query of a request therefore ends in a State: Complete only when CloudWatch
// said so and raised no message for the whole request; Partial when some points
// came; Failed when nothing is known about it, which is also the state of a
// query that the answer never mentions; Forbidden. No points and Complete is
// the only answer that means "nothing there". InternalError is asked again.
//
// # Limits
//
// Each operation has a limiter of calls per second below the account's default
// quota, and GetMetricData one of datapoints per second as well. Every attempt
// passes the limiter, retries too. Throttling, dropped connections and server
// errors are retried with exponential backoff up to Options.MaxAttempts.
package cloudwatch

import (
	"encoding/json"
	"fmt"
)

type policy struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource string
}

// Policy is the least IAM policy that every method of Client needs, as indented
// JSON. The actions are reads. Resource is "*" because the metric actions and
// DescribeLogGroups cannot be limited to a resource. kinds are what is described;
// none means all.
func Policy(kinds ...ResourceKind) string {
	text, err := json.MarshalIndent(policy{
		Version: "2012-10-17",
		Statement: []statement{{
			Sid:    "SizewiseRead",
			Effect: "Allow",
			Action: []string{
				"cloudwatch:GetMetricData",
				"cloudwatch:ListMetrics",
				"logs:DescribeLogGroups",
				"logs:FilterLogEvents",
				"sagemaker:DescribeEndpoint",
				"sagemaker:DescribeEndpointConfig",
			},
			Resource: "*",
		}},
	}, "", "  ")
	if err != nil {
		// A struct of strings always encodes.
		panic(fmt.Sprintf("encoding the policy: %v", err))
	}
	return string(text)
}
