-- name: subject_messages
-- purpose: masked log messages of one subject, counted by minute, stream and level, the access
--   lines and metrics of servers left out.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $bucket_s BIGINT = 60: width of a bucket, seconds
-- columns:
--   subject VARCHAR -: kind/name
--   bucket_start TIMESTAMP UTC: start of the bucket
--   log_group VARCHAR -: log group
--   log_stream VARCHAR -: log stream
--   level VARCHAR -: level of the lines, NULL when they print none
--   skeleton VARCHAR -: message with its variables masked
--   exception VARCHAR -: exception type that the lines name, NULL for none
--   lines BIGINT lines: how often it came
--   first_seen TIMESTAMP UTC: first line
--   last_seen TIMESTAMP UTC: last line
--   example VARCHAR -: the first line, as logged
-- grain: one row per subject, bucket, stream, level, skeleton and exception type

SELECT
    subject,
    bucket($bucket_s, ts) AS bucket_start,
    log_group,
    log_stream,
    level,
    COALESCE(skeleton, '') AS skeleton,
    exception,
    count(*) AS lines,
    min(ts) AS first_seen,
    max(ts) AS last_seen,
    first_text(ts, message) AS example
FROM logs
WHERE ($subject = '' OR subject = $subject)
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
    AND COALESCE(parser, '') NOT IN (
        'torchserve-access', 'uvicorn-access', 'combined', 'access', 'torchserve-metrics'
    )
GROUP BY subject, bucket($bucket_s, ts), log_group, log_stream, level, COALESCE(skeleton, ''), exception
ORDER BY subject, bucket_start, log_group, log_stream, lines DESC, skeleton, level, exception
