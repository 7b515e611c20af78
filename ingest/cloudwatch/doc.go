// Package cloudwatch reads from a live AWS account: metrics of CloudWatch,
// events of CloudWatch Logs, and what SageMaker says of an endpoint. It only
// reads, and it returns plain structs: no type of the AWS SDK leaves it.
//
// # Operations and permissions
//
//	method   operation             AWS IAM action
//	List     ListMetrics           cloudwatch:ListMetrics
//	Fetch    GetMetricData         cloudwatch:GetMetricData
//	Group    DescribeLogGroups     logs:DescribeLogGroups
//	Streams  DescribeLogStreams    logs:DescribeLogStreams
//	Events   FilterLogEvents       logs:FilterLogEvents
//	Events   StartQuery,           logs:StartQuery, logs:GetQueryResults,
//	         GetQueryResults,      logs:StopQuery (INFREQUENT_ACCESS only)
//	         StopQuery
//	Describe DescribeEndpoint ...  sagemaker:DescribeEndpoint ...
//	Account  GetCallerIdentity     none
//	Names    List...               sagemaker:List..., of the kind that is listed
//	Tags     ListTags              sagemaker:ListTags
//	Probe    all of these, and     servicequotas:ListServiceQuotas
//	         ListServiceQuotas
//
// Policy and DoctorPolicy print them as IAM policies. Options.Roles takes
// sts:AssumeRole on each role.
//
// # Slices of log events
//
// A window of a log group is read in slices of time by several workers, all
// under the region's quota. It begins with as few slices as LogSlices says, one
// for every day, since each costs a call however quiet the group is. What
// a slice has shown after its first full page, or its first few, says how many
// pages are left of it; when these are many and a worker has nothing to do, the
// slice is parted. So a quiet day costs four calls, a dense one little more than
// its pages, and both use the quota up. The service orders events by time, so a
// worker stops at the first event beyond its slice's end.
//
// Pages are decoded by eventDecoder, three times as fast as by the SDK; what it
// does not take goes on to the SDK. GetMetricData is left to the SDK, which
// takes a tenth of a microsecond for a point.
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
// quota, and GetMetricData two of datapoints per second as well, for requests
// that begin within the past three hours and for older ones. Every attempt
// passes the limiter, retries too. Throttling, dropped connections and server
// errors are retried with exponential backoff up to Options.MaxAttempts.
package cloudwatch
