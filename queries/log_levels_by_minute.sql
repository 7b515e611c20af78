-- name: log_levels_by_minute
-- purpose: log lines by level and bucket.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $bucket_s BIGINT = 60: width of a bucket, seconds
-- columns:
--   endpoint VARCHAR -: endpoint name
--   bucket_start TIMESTAMP UTC: start of the bucket
--   lines BIGINT lines: every log event
--   debug BIGINT lines: at DEBUG
--   info BIGINT lines: at INFO
--   warn BIGINT lines: at WARN
--   error BIGINT lines: at ERROR
--   fatal BIGINT lines: at FATAL
--   unlevelled BIGINT lines: lines that print no level
--   exceptions BIGINT lines: lines that name an exception
-- grain: one row per endpoint and bucket with any log event

SELECT
    endpoint,
    bucket($bucket_s, ts) AS bucket_start,
    count(*) AS lines,
    count_true(level = 'DEBUG') AS debug,
    count_true(level = 'INFO') AS info,
    count_true(level = 'WARN') AS warn,
    count_true(level = 'ERROR') AS error,
    count_true(level = 'FATAL') AS fatal,
    count_true(level IS NULL) AS unlevelled,
    count_true(exception IS NOT NULL) AS exceptions
FROM logs
WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
    AND endpoint IS NOT NULL
    AND ($variant = '' OR COALESCE(variant, $variant) = $variant)
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
GROUP BY endpoint, bucket($bucket_s, ts)
ORDER BY endpoint, bucket_start
