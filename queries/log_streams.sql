-- name: log_streams
-- purpose: log streams with how much each printed: an instance or a container each.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: first part of the stream's name, NULL when it has one part
--   log_stream VARCHAR -: for endpoints variant/instance
--   lines BIGINT lines: log events
--   warnings BIGINT lines: at WARN
--   errors BIGINT lines: at ERROR or FATAL
--   first_ts TIMESTAMP UTC: first event
--   last_ts TIMESTAMP UTC: last event
-- grain: one row per endpoint and log stream

SELECT
    endpoint,
    variant,
    log_stream,
    count(*) AS lines,
    count_true(level = 'WARN') AS warnings,
    count_true(level IN ('ERROR', 'FATAL')) AS errors,
    min(ts) AS first_ts,
    max(ts) AS last_ts
FROM logs
WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
    AND endpoint IS NOT NULL
    AND ($variant = '' OR COALESCE(variant, $variant) = $variant)
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
GROUP BY endpoint, variant, log_stream
ORDER BY endpoint, log_stream
