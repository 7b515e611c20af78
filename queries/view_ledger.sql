-- name: ledger
-- purpose: what was asked for and what came: the record of every pull and import.
-- columns:
--   chunk VARCHAR -: key of the chunk
--   dataset VARCHAR -: metrics, logs, requests or resources
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   scope VARCHAR -: log group, file or Describe call
--   source VARCHAR -: cloudwatch or file
--   window_start TIMESTAMP UTC: first instant asked for, NULL for a chunk without a window
--   window_end TIMESTAMP UTC: first instant no longer asked for
--   period_s INTEGER s: period asked for, 0 for logs
--   row_count BIGINT rows: points or events that came
--   calls BIGINT calls: API calls made
--   retries BIGINT calls: of them, repeated
--   skipped BIGINT rows: malformed records
--   cost_low DOUBLE USD: least cost of the calls
--   cost_high DOUBLE USD: most
--   status VARCHAR -: complete, provisional, partial, failed, denied or empty
--   reason VARCHAR -: why it is not complete
--   fetched_at TIMESTAMP UTC: when
--   dt DATE UTC: the partition
-- grain: one row per chunk asked for

SELECT
    chunk,
    dataset,
    subject,
    scope,
    source,
    window_start,
    window_end,
    period_s,
    row_count,
    calls,
    retries,
    skipped,
    cost_low,
    cost_high,
    status,
    reason,
    fetched_at,
    dt
FROM read_parquet(
    getvariable('lake') || '/ledger/dt=*/*.parquet',
    hive_partitioning => true,
    hive_types => {'dt': DATE}
)
