-- name: worker_lines
-- purpose: log lines that state how many workers a container runs: the number where one is
--   given, each start of a worker process, and the kind of worker.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: first part of the stream's name
--   ts TIMESTAMP UTC: when it was logged
--   log_stream VARCHAR -: for endpoints variant/instance
--   workers BIGINT workers: number stated, NULL for a line that reports one start or the kind
--   message VARCHAR -: as logged
-- grain: one row per log line

SELECT
    endpoint,
    variant,
    ts,
    log_stream,
    workers,
    message
FROM (
    SELECT
        endpoint,
        variant,
        ts,
        log_stream,
        seq,
        event_id,
        message,
        CASE WHEN NOT matches(message, '(?i)(?:^|[^a-z])pid(?:[^a-z]|$)') THEN CAST(COALESCE(
            capture(message, '(?i)workers?[ _a-z]{0,24}["'']?[ ]*[:=][ ]*["'']?([0-9]{1,4})(?:[^0-9.]|$)', 1),
            capture(message, '(?i)--workers[ =]([0-9]{1,4})', 1),
            capture(message, '(?i)(?:^|[^0-9.-])([0-9]{1,4}) (?:[a-z]+ ){0,2}workers', 1)
        ) AS BIGINT) END AS workers
    FROM logs
    WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
        AND endpoint IS NOT NULL
        AND ($variant = '' OR COALESCE(variant, $variant) = $variant)
        AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND ts >= CAST($start AS TIMESTAMP)
        AND ts < CAST($end AS TIMESTAMP)
        AND lower(message) LIKE '%worker%'
) AS stated
WHERE workers IS NOT NULL
    OR matches(message, '(?i)booting worker with pid')
    OR matches(message, '(?i)using worker: ')
ORDER BY endpoint, ts, log_stream, seq, event_id
