-- name: log_hours
-- purpose: log events per stream and hour, and how long they took to arrive.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   subject VARCHAR -: kind/name
--   log_group VARCHAR -: CloudWatch log group
--   log_stream VARCHAR -: log stream
--   hour TIMESTAMP UTC: start of the hour
--   events BIGINT events: log events
--   first_ts TIMESTAMP UTC: first event of the hour
--   last_ts TIMESTAMP UTC: last event of the hour
--   lag_max_s DOUBLE s: longest time from an event to its ingestion, NULL unknown
-- grain: one row per log stream and hour that has an event

SELECT
    subject,
    log_group,
    log_stream,
    bucket(3600, ts) AS hour,
    count(*) AS events,
    min(ts) AS first_ts,
    max(ts) AS last_ts,
    max(elapsed_s(ts, ingested_at)) AS lag_max_s
FROM logs
WHERE ($subject = '' OR subject = $subject)
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
GROUP BY subject, log_group, log_stream, bucket(3600, ts)
ORDER BY subject, log_group, log_stream, hour
