// Package alarm proposes CloudWatch alarms for an endpoint that was analyzed, and
// puts each to the window's data as CloudWatch would have evaluated it.
//
// [Rule.Evaluate] is the evaluation of the CloudWatch user guide, "Configuring
// how CloudWatch alarms treat missing data", whose two tables of examples are its
// test: what exists in the evaluation range counts before what is missing, missing
// periods are filled as the alarm says and as few as possible, and an old enough
// breach with nothing but breaches and gaps after it fires although fewer than M
// were seen. Not imitated: the minutes that CloudWatch needs before a period has a
// value, and the low-sample rule of percentiles, which the proposals leave off.
package alarm
