package lake

import (
	"cmp"
	"context"
	"iter"
)

// MergeLogs merges batches of one group's events (any order, any days) in memory
// bounded whatever their number and size, and says how many the lake did not
// have. A batch is the lake's until the next is asked for; the text of its
// events is kept. Events with an empty LogGroup belong to group; those of
// another group are an error.
//
// What came is committed when the sequence ends, however early, and each day's
// file is written once then. A call that brings more than 8 GiB commits what it
// has every 8 GiB. An error or the end of ctx drops what was not committed.
func (l *Lake) MergeLogs(ctx context.Context, group string, batches iter.Seq[[]Log]) (added int64, err error) {
	added, _, err = put(ctx, l, logTable(), group, batches)
	return added, err
}

// PutLogs is MergeLogs of one batch.
func (l *Lake) PutLogs(ctx context.Context, group string, events []Log) (added int64, err error) {
	return l.MergeLogs(ctx, group, once(events))
}

// PutResources merges facts about one subject. A fact's key is its kind, name,
// attribute and AsOf. Rows with an empty Subject belong to subject; those of
// another subject are an error.
func (l *Lake) PutResources(ctx context.Context, subject string, rows []Resource) error {
	_, _, err := put(ctx, l, resourceTable(), subject, once(rows))
	return err
}

// MergeRequests merges batches of one subject's requests as MergeLogs does with
// events. A request's key is its source, TS and Seq. Rows with an empty Subject
// belong to subject; those of another subject are an error.
func (l *Lake) MergeRequests(ctx context.Context, subject string, batches iter.Seq[[]Request]) (added int64, err error) {
	added, _, err = put(ctx, l, requestTable(), subject, batches)
	return added, err
}

// ImportRequests is MergeRequests of one batch that also says how many rows the
// lake had with other values.
func (l *Lake) ImportRequests(ctx context.Context, subject string, rows []Request) (added, changed int64, err error) {
	return put(ctx, l, requestTable(), subject, once(rows))
}

// PutRequests is MergeRequests of one batch.
func (l *Lake) PutRequests(ctx context.Context, subject string, rows []Request) error {
	_, err := l.MergeRequests(ctx, subject, once(rows))
	return err
}

func logTable() table[Log] {
	return table[Log]{
		dataset: "logs",
		fields:  logFields,
		ts:      func(r *Log) int64 { return r.TS },
		owner:   func(r *Log) *string { return &r.LogGroup },
		clock:   "ts",
		compare: compareLogs,
		update:  updateLog,
	}
}

// compareLogs orders by log group and time, and within that by stream and
// event id, which together are the key.
func compareLogs(a, b *Log) int {
	if a.LogGroup != b.LogGroup {
		return cmp.Compare(a.LogGroup, b.LogGroup)
	}
	if a.TS != b.TS {
		return cmp.Compare(a.TS, b.TS)
	}
	if a.LogStream != b.LogStream {
		return cmp.Compare(a.LogStream, b.LogStream)
	}
	return cmp.Compare(a.EventID, b.EventID)
}

// updateLog lets what came win, except that a source which does not know the
// account, region or time of ingestion does not erase them.
func updateLog(old, came *Log) bool {
	next := *came
	next.Account = cmp.Or(next.Account, old.Account)
	next.Region = cmp.Or(next.Region, old.Region)
	next.IngestedAt = cmp.Or(next.IngestedAt, old.IngestedAt)
	next.Subject = cmp.Or(next.Subject, old.Subject)
	return replaceRow(old, next)
}

// replaceRow sets old to next and reports whether that was a change.
func replaceRow[R comparable](old *R, next R) bool {
	if *old == next {
		return false
	}
	*old = next
	return true
}

func logFields() []field[Log] {
	return []field[Log]{
		longField("ts", true, required, func(r *Log) *int64 { return &r.TS }),
		longField("ingested_at", true, optional, func(r *Log) *int64 { return &r.IngestedAt }),
		textField("account", optional, func(r *Log) *string { return &r.Account }),
		textField("region", optional, func(r *Log) *string { return &r.Region }),
		textField("subject", optional, func(r *Log) *string { return &r.Subject }),
		textField("log_group", required, func(r *Log) *string { return &r.LogGroup }),
		textField("log_stream", optional, func(r *Log) *string { return &r.LogStream }),
		plainField("event_id", optional, func(r *Log) *string { return &r.EventID }),
		longField("seq", false, required, func(r *Log) *int64 { return &r.Seq }),
		plainField("message", required, func(r *Log) *string { return &r.Message }),
		textField("level", optional, func(r *Log) *string { return &r.Level }),
		textField("logger", optional, func(r *Log) *string { return &r.Logger }),
		textField("thread", optional, func(r *Log) *string { return &r.Thread }),
		textField("skeleton", optional, func(r *Log) *string { return &r.Skeleton }),
		textField("exception", optional, func(r *Log) *string { return &r.Exception }),
		plainField("request_id", optional, func(r *Log) *string { return &r.RequestID }),
		textField("parser", optional, func(r *Log) *string { return &r.Parser }),
	}
}

func resourceTable() table[Resource] {
	return table[Resource]{
		dataset: "resources",
		fields:  resourceFields,
		ts:      func(r *Resource) int64 { return r.AsOf.UnixMicro() },
		owner:   func(r *Resource) *string { return &r.Subject },
		compare: func(a, b *Resource) int {
			return cmp.Or(
				cmp.Compare(a.Kind, b.Kind),
				cmp.Compare(a.Name, b.Name),
				cmp.Compare(a.Attribute, b.Attribute),
				cmp.Compare(a.AsOf.UnixMicro(), b.AsOf.UnixMicro()),
			)
		},
		update: func(old, came *Resource) bool {
			next := *came
			next.AsOf = old.AsOf
			next.Account = cmp.Or(next.Account, old.Account)
			next.Region = cmp.Or(next.Region, old.Region)
			return replaceRow(old, next)
		},
	}
}
