-- name: log_signals_by_minute
-- purpose: masked messages that may say what went wrong, counted by bucket and stream: from WARN
--   up, with an exception, or of no level. Access lines, the servers' own metrics and the frames
--   of stack traces are left out.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $bucket_s BIGINT = 60: width of a bucket, seconds
--   $most BIGINT = 20000: how many masked messages count, the most severe and then the most frequent first
-- columns:
--   endpoint VARCHAR -: endpoint name
--   bucket_start TIMESTAMP UTC: start of the bucket
--   log_stream VARCHAR -: for endpoints variant/instance
--   level VARCHAR -: level of the lines, NULL when they print none
--   skeleton VARCHAR -: message with its variables masked
--   exception VARCHAR -: exception type that the lines name, NULL for none
--   lines BIGINT lines: how often it came
--   first_seen TIMESTAMP UTC: first line
--   last_seen TIMESTAMP UTC: last line
--   example VARCHAR -: the first line, as logged
-- grain: one row per endpoint, bucket, stream, level, skeleton and exception type

WITH signals AS (
    SELECT
        endpoint,
        ts,
        log_stream,
        level,
        COALESCE(skeleton, '') AS skeleton,
        exception,
        message
    FROM logs
    WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
        AND endpoint IS NOT NULL
        AND ($variant = '' OR COALESCE(variant, $variant) = $variant)
        AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND ts >= CAST($start AS TIMESTAMP)
        AND ts < CAST($end AS TIMESTAMP)
        AND (
            level_rank(level) >= 3
            OR exception IS NOT NULL
            OR (
                level IS NULL
                AND COALESCE(parser, '') NOT IN (
                    'torchserve-access', 'uvicorn-access', 'combined', 'access', 'torchserve-metrics', 'java', 'traceback'
                )
            )
        )
),

ranked AS (
    SELECT
        skeleton,
        row_number() OVER (
            ORDER BY
                max(CASE WHEN exception IS NULL THEN level_rank(level) ELSE 4 END) DESC,
                count(*) DESC,
                skeleton
        ) AS place
    FROM signals
    GROUP BY skeleton
)

SELECT
    s.endpoint,
    bucket($bucket_s, s.ts) AS bucket_start,
    s.log_stream,
    s.level,
    s.skeleton,
    s.exception,
    count(*) AS lines,
    min(s.ts) AS first_seen,
    max(s.ts) AS last_seen,
    first_text(s.ts, s.message) AS example
FROM signals AS s
INNER JOIN ranked AS r ON r.skeleton = s.skeleton
WHERE r.place <= $most
GROUP BY s.endpoint, bucket($bucket_s, s.ts), s.log_stream, s.level, s.skeleton, s.exception
ORDER BY endpoint, bucket_start, log_stream, lines DESC, s.skeleton, level, exception
