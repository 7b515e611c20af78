package lake

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
)

// MergeLogs merges batches of one group's events in memory bounded whatever
// their number; a batch is the lake's until the next is asked for. What came is
// committed even when the sequence ends early.
func (l *Lake) MergeLogs(ctx context.Context, group string, batches iter.Seq[[]Log]) (added int64, err error) {
	for batch := range batches {
		n, err := l.PutLogs(ctx, group, batch)
		if added += n; err != nil {
			return added, err
		}
	}
	return added, nil
}

// PutLogs merges events of one log group (any order, any days) and says how
// many the lake did not have. Each call reads the day's file once or twice and
// may write it once, so hand over many events at a time: a day, or some hundred
// thousand. Events with an empty LogGroup belong to group; those of another
// group are an error.
func (l *Lake) PutLogs(ctx context.Context, group string, events []Log) (added int64, err error) {
	own, err := owned(events, group, func(r *Log) *string { return &r.LogGroup })
	if err != nil {
		return 0, fmt.Errorf("writing logs of %s: %w", group, err)
	}
	added, _, err = put(ctx, l, logTable(), group, own)
	return added, err
}

// PutResources merges facts about one subject. A fact's key is its kind, name,
// attribute and AsOf. Rows with an empty Subject belong to subject; those of
// another subject are an error.
func (l *Lake) PutResources(ctx context.Context, subject string, rows []Resource) error {
	own, err := owned(rows, subject, func(r *Resource) *string { return &r.Subject })
	if err != nil {
		return fmt.Errorf("writing resources of %s: %w", subject, err)
	}
	_, _, err = put(ctx, l, resourceTable(), subject, own)
	return err
}

// PutRequests merges requests of one subject. A request's key is its source, TS
// and Seq. Rows with an empty Subject belong to subject; those of another
// subject are an error.
func (l *Lake) PutRequests(ctx context.Context, subject string, rows []Request) error {
	own, err := owned(rows, subject, func(r *Request) *string { return &r.Subject })
	if err != nil {
		return fmt.Errorf("writing requests of %s: %w", subject, err)
	}
	_, _, err = put(ctx, l, requestTable(), subject, own)
	return err
}

// owned is rows with the owner filled in where it is empty; rows itself is not
// changed.
func owned[R any](rows []R, owner string, ref func(*R) *string) ([]R, error) {
	own := rows
	for i := range rows {
		switch *ref(&own[i]) {
		case owner:
		case "":
			if &own[0] == &rows[0] {
				own = slices.Clone(rows)
			}
			*ref(&own[i]) = owner
		default:
			return nil, fmt.Errorf("row %d is of %s", i, *ref(&own[i]))
		}
	}
	return own, nil
}

func logTable() table[Log] {
	return table[Log]{
		dataset: "logs",
		fields:  logFields,
		ts:      func(r *Log) int64 { return r.TS },
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
