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
//	LAKE/.tmp/                                 files being written; outside every glob
//
// # Guarantees
//
// There is exactly one file per dataset, subject (for logs: log group) and UTC
// day. Writing is a merge: what the file holds and what came are united by the
// row's key, what came wins where the value differs, the old row stays where it
// does not. The result is written beside, synced and renamed. So a reader sees
// the old file or the new one, a second ingest or import of the same input
// changes no row, live data and imported files of one endpoint can overlap, a
// pull of a window that CloudWatch has forgotten cannot erase what the lake
// still knows, and a crash leaves nothing but a file in .tmp that the next
// writer removes.
//
// Row keys: metrics (account, region, namespace, metric, dims, period, ts);
// logs (log group, stream, ts, event id); resources (kind, name, attribute,
// as_of); ledger (chunk). Rows are sorted as the design says, so that a series
// is contiguous.
//
// Timestamps are naive UTC, microseconds. Values are stored as they came.
package lake
