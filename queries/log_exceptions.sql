-- name: log_exceptions
-- purpose: exception types, most frequent first.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   endpoint VARCHAR -: endpoint name
--   exception VARCHAR -: exception type
--   lines BIGINT lines: events that name it
--   streams BIGINT streams: log streams that printed it
--   first_seen TIMESTAMP UTC: first event
--   last_seen TIMESTAMP UTC: last event
--   example VARCHAR -: the first event, as logged
-- grain: one row per endpoint and exception type

SELECT
    endpoint,
    exception,
    count(*) AS lines,
    count(DISTINCT log_stream) AS streams,
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
    AND exception IS NOT NULL
GROUP BY endpoint, exception
ORDER BY endpoint, lines DESC, exception
