// Sizewise tells what a SageMaker endpoint can take, what stops it, what went
// wrong and what it should run on.
//
// It pulls CloudWatch metrics and container logs into a Parquet lake that you
// own, correlates utilization, latency and errors with SQL in an embedded
// DuckDB, and writes a Markdown report with figures in which every number can be
// traced to a query and carries how it is known.
//
// # A first look
//
// The demo simulates a load test, serves it on loopback as CloudWatch,
// CloudWatch Logs and SageMaker, and takes it through the whole pipeline:
//
//	$ sizewise demo --list
//	$ sizewise demo --out demo --seed 1
//
// It leaves demo/report.md, the figures, demo/findings.json and demo/lake. The
// lake is plain Parquet, and SQL works on it:
//
//	$ sizewise query --lake demo/lake
//	$ sizewise query --lake demo/lake subjects
//	$ sizewise sql --lake demo/lake "SELECT metric, count(*) AS points FROM metrics GROUP BY metric ORDER BY metric"
//
// # After a load test
//
// One command pulls, analyzes and reports. Credentials, profile and region are
// those of every AWS tool; sizewise only reads.
//
//	$ sizewise plan endpoint/my-endpoint --last 3h
//	$ sizewise run endpoint/my-endpoint --last 3h --slo 'p99<2s' --out report
//
// The three steps can be taken alone:
//
//	$ sizewise ingest endpoint/my-endpoint --last 3h
//	$ sizewise analyze endpoint/my-endpoint --slo 'p99<2s'
//	$ sizewise report endpoint/my-endpoint --slo 'p99<2s' --html --out report
//
// What a pull needs, and whether it is there, is told beforehand:
//
//	$ sizewise doctor endpoint/my-endpoint
//
// Jobs, inference components, pipelines, feature groups and the rest go into
// the same lake. A job needs no window, since SageMaker knows when it ran:
//
//	$ sizewise ingest training/bert-2026-11-20
//
// # Without AWS access at hand
//
// Files that somebody exported feed the same lake:
//
//	$ sizewise import metrics.ndjson logs.json.gz endpoint.json endpoint-config.json
//
// # How sure is it?
//
// Every answer has a status. Measured: the test was there. At least: the truth
// is not below. Extrapolated: a model says so, with its interval. Unanswerable:
// the data does not suffice, and the answer says what is missing. Each check can
// be asked what it does and when it refuses:
//
//	$ sizewise explain
//	$ sizewise explain capacity
//
// # The lake
//
// One Parquet file per dataset, subject and UTC day, under LAKE/metrics, logs,
// requests, resources and ledger, each partitioned as dt=YYYY-MM-DD. Writing is
// a merge, so that nothing is stored twice and nothing that CloudWatch has
// forgotten is lost. One process writes at a time; readers are never blocked.
//
//	$ sizewise lake info
//	$ sizewise lake verify
//
// # Exit status
//
// 0 ok; 1 failure, also a pull that could not be completed; 2 usage; 3 the
// verdict failed; 4 the data does not suffice to answer; 130 interrupted.
package main
