-- name: ledger
-- purpose: stands in for the view of this name while the lake has no file of it.
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
    CAST(NULL AS VARCHAR) AS chunk,
    CAST(NULL AS VARCHAR) AS dataset,
    CAST(NULL AS VARCHAR) AS subject,
    CAST(NULL AS VARCHAR) AS scope,
    CAST(NULL AS VARCHAR) AS source,
    CAST(NULL AS TIMESTAMP) AS window_start,
    CAST(NULL AS TIMESTAMP) AS window_end,
    CAST(NULL AS INTEGER) AS period_s,
    CAST(NULL AS BIGINT) AS row_count,
    CAST(NULL AS BIGINT) AS calls,
    CAST(NULL AS BIGINT) AS retries,
    CAST(NULL AS BIGINT) AS skipped,
    CAST(NULL AS DOUBLE) AS cost_low,
    CAST(NULL AS DOUBLE) AS cost_high,
    CAST(NULL AS VARCHAR) AS status,
    CAST(NULL AS VARCHAR) AS reason,
    CAST(NULL AS TIMESTAMP) AS fetched_at,
    CAST(NULL AS DATE) AS dt
WHERE false
