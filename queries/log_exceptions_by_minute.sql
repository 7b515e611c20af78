-- name: log_exceptions_by_minute
-- purpose: kinds of failure counted by bucket and stream.
-- with: log_traces
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $bucket_s BIGINT = 60: width of a bucket, seconds
-- columns:
--   endpoint VARCHAR -: endpoint name
--   bucket_start TIMESTAMP UTC: start of the bucket
--   log_stream VARCHAR -: for endpoints variant/instance
--   exception VARCHAR -: exception type
--   skeleton VARCHAR -: message with its variables masked
--   frame VARCHAR -: innermost call of the application, file:function, NULL without a trace
--   cause VARCHAR -: exception type that it followed from, NULL for none
--   lines BIGINT lines: how often it was thrown
--   first_seen TIMESTAMP UTC: first event
--   last_seen TIMESTAMP UTC: last event
--   example VARCHAR -: the first event, as logged
-- grain: one row per endpoint, bucket, stream, exception type, skeleton, frame and cause

SELECT
    endpoint,
    bucket($bucket_s, ts) AS bucket_start,
    log_stream,
    exception,
    skeleton,
    frame,
    cause,
    count(*) AS lines,
    min(ts) AS first_seen,
    max(ts) AS last_seen,
    first_text(ts, message) AS example
FROM log_traces
GROUP BY endpoint, bucket($bucket_s, ts), log_stream, exception, skeleton, frame, cause
ORDER BY endpoint, bucket_start, log_stream, lines DESC, exception, skeleton, frame, cause
