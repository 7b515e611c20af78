-- name: log_exceptions
-- purpose: kinds of failure: exceptions of one type, masked message and innermost frame of the
--   application, most frequent first.
-- with: log_traces
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   endpoint VARCHAR -: endpoint name
--   exception VARCHAR -: exception type
--   skeleton VARCHAR -: message with its variables masked
--   frame VARCHAR -: innermost call of the application, file:function, NULL without a trace
--   cause VARCHAR -: exception type that it followed from, NULL for none
--   lines BIGINT lines: how often it was thrown
--   streams BIGINT streams: log streams that printed it
--   first_seen TIMESTAMP UTC: first event
--   last_seen TIMESTAMP UTC: last event
--   example VARCHAR -: the first event, as logged
-- grain: one row per endpoint, exception type, skeleton, frame and cause

SELECT
    endpoint,
    exception,
    skeleton,
    frame,
    cause,
    count(*) AS lines,
    count(DISTINCT log_stream) AS streams,
    min(ts) AS first_seen,
    max(ts) AS last_seen,
    first_text(ts, message) AS example
FROM log_traces
GROUP BY endpoint, exception, skeleton, frame, cause
ORDER BY endpoint, lines DESC, exception, skeleton, frame, cause
