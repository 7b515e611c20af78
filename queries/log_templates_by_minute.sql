-- name: log_templates_by_minute
-- purpose: masked log messages counted by bucket, from a level up; lines that name an
--   exception count at any level.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $bucket_s BIGINT = 60: width of a bucket, seconds
--   $level VARCHAR = WARN: lowest level that counts: DEBUG, INFO, WARN, ERROR or FATAL; '' takes every line
-- columns:
--   endpoint VARCHAR -: endpoint name
--   bucket_start TIMESTAMP UTC: start of the bucket
--   level VARCHAR -: level of the lines, NULL when they print none
--   skeleton VARCHAR -: message with its variables masked
--   lines BIGINT lines: how often it came
--   first_seen TIMESTAMP UTC: first line
--   last_seen TIMESTAMP UTC: last line
--   example VARCHAR -: the first line, as logged
-- grain: one row per endpoint, bucket, level and skeleton

SELECT
    endpoint,
    bucket($bucket_s, ts) AS bucket_start,
    level,
    COALESCE(skeleton, '') AS skeleton,
    count(*) AS lines,
    min(ts) AS first_seen,
    max(ts) AS last_seen,
    first_text(ts, message) AS example
FROM logs
WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
    AND endpoint IS NOT NULL
    AND ($variant = '' OR COALESCE(variant, $variant) = $variant)
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
    AND (level_rank(level) >= level_rank($level) OR exception IS NOT NULL)
GROUP BY endpoint, bucket($bucket_s, ts), level, COALESCE(skeleton, '')
ORDER BY endpoint, bucket_start, lines DESC, skeleton, level
