// Package lake writes the Parquet lake: schemas, chunk files that appear whole,
// the ledger and the writer's lock.
//
// # Layout
//
//	LAKE/lake.json                             {"format":1}
//	LAKE/metrics/dt=YYYY-MM-DD/NAME.parquet    one row per series, period and timestamp
//	LAKE/logs/dt=YYYY-MM-DD/NAME.parquet       one row per event
//	LAKE/requests/dt=YYYY-MM-DD/NAME.parquet   one row per request seen by a client or an access log
//	LAKE/resources/dt=YYYY-MM-DD/NAME.parquet  one row per fact that Describe said
//	LAKE/ledger/dt=YYYY-MM-DD/NAME.parquet     one row per chunk that was asked for
//	LAKE/catalog.parquet                       the metric catalogue
//	LAKE/.lock                                 flock: one writer, many readers
//	LAKE/.tmp/                                 files being written, and rows that wait; outside every glob
//	LAKE/.intent.json                          a change of several files under way, else not there
//	LAKE/.damaged/                             files that could not be read when they were written to; never deleted
//
// # Guarantees
//
// There is exactly one file per dataset, subject (for logs: log group) and UTC
// day. Writing is a merge: what the file holds and what came are united by the
// row's key, what came wins where the value differs, the old row stays where it
// does not. The result is written beside, synced and renamed. So a reader sees
// the old file or the new one, a second ingest or import of the same input
// changes no row (and writes no file), live data and imported files of one
// endpoint can overlap, a pull of a window that CloudWatch has forgotten cannot
// erase what the lake still knows, and a crash leaves nothing but a file in .tmp
// that the next writer removes. A file is a function of its rows: neither the
// order nor the split of what came shows in its bytes.
//
// Content is synced before a file gets its name, and the name before a ledger
// row that vouches for it. Compact and Prune change several files: they write
// down what they are about to do, and the next writer completes what a crash
// interrupted. Every file operation is a point at which tests kill the process.
//
// # Damage
//
// Every file carries the CRC-32C of its bytes among the keys and values of its
// footer, so that Verify finds any bit that flipped, also where a reader would
// not stumble. Files without one are those of others. A damaged file that is to
// be written to is set aside in .damaged and reported through Options.Damaged;
// the ledger rows that vouch for it go first, so that its windows are asked for
// again. Entries leaves out rows whose file is gone or has no footer.
//
// # Memory
//
// Logs, resources and ledger rows are gathered in up to 96 MiB (requests, which
// are merged beside the events of an access log, in 12), in the form of runs, then
// spilled to .tmp as sorted runs, and merged with the day's file in a stream: a
// process that does nothing else stays under 512 MiB for any number of rows and
// messages of a megabyte. Row groups hold at most 131,072 rows and about 64 MiB of
// text. Metrics are merged a subject and day at a time, in memory: about 120
// bytes a point of the day's file and of what came.
//
// # One file per subject and day
//
// A day's file is what a merge rewrites and what a query prunes by, so files are
// not joined across subjects or days. Every file costs every query about 0.1 ms;
// a dataset of more than ManyFiles files is reported by Verify, and Prune is the
// remedy.
//
// Row keys: metrics (account, region, namespace, metric, dims, period, ts);
// logs (log group, ts, stream, event id); requests (source, ts, seq); resources
// (kind, name, attribute, as_of); ledger (chunk). Rows are sorted that way too,
// metrics by the number and names of their dimensions, namespace, metric, values
// of the dimensions, period, account, region and ts, so that a series is
// contiguous, and row groups end where the names change: what concerns a whole
// variant is read without what concerns its instances.
//
// What is not known does not win: a missing statistic, an empty unit, account,
// region or time of ingestion leaves the known one in place. So a metric stream,
// which has no percentiles, adds to a live pull instead of taking from it.
// fetched_at is when the row last changed. A settled point stays settled.
//
// # Columns
//
// Timestamps are naive UTC, microseconds. Values are stored as they came; a
// missing one is null. Text is UTF-8: invalid bytes are replaced, since engines
// refuse a whole file for one of them. Unknown text is null except in key
// columns and message.
//
//	metrics    ts, period_s, account, region, subject, namespace, metric, unit, dim_set, dims,
//	           endpoint, variant, component, host, instance_id, container_id, accelerator_id,
//	           sample_count, sum, average, minimum, maximum, p50, p90, p95, p99, p99_9, other,
//	           fetched_at, provisional
//	logs       ts, ingested_at, account, region, subject, log_group, log_stream, event_id, seq,
//	           message, level, logger, thread, skeleton, exception, request_id, parser
//	requests   ts, subject, source, seq, duration_us, status, route, weight, span_us, ttft_us,
//	           tokens_in, tokens_out, error
//	resources  as_of, account, region, subject, kind, name, attribute, value, source
//	ledger     chunk, dataset, subject, scope, source, window_start, window_end, period_s, row_count,
//	           calls, retries, skipped, cost_low, cost_high, status, reason, fetched_at
//	catalog    namespace, metric, unit, stats, dim_sets, kind, scale, better, about, source
package lake
