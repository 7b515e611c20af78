-- name: subjects
-- purpose: what is in the lake: every subject with its metrics and logs.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
-- columns:
--   subject VARCHAR -: kind/name
--   first_ts TIMESTAMP UTC: start of the first point, NULL without metrics
--   last_ts TIMESTAMP UTC: start of the last point
--   series BIGINT series: distinct metrics, dimension sets, instances and periods
--   points BIGINT points: rows of metrics
--   provisional_points BIGINT points: of them, younger than their settle time when fetched
--   log_events BIGINT lines: log events, 0 when there are none
--   log_streams BIGINT streams: distinct log streams
--   first_log TIMESTAMP UTC: first log event, NULL without logs
--   last_log TIMESTAMP UTC: last log event
-- grain: one row per subject

WITH series AS (
    SELECT
        subject,
        min(ts) AS first_ts,
        max(ts) AS last_ts,
        count(*) AS points,
        count_true(provisional) AS provisional_points
    FROM metrics
    WHERE ($subject = '' OR subject = $subject)
    GROUP BY
        subject, account, region, namespace, metric, dim_set, period_s,
        variant, component, host, instance_id, container_id, accelerator_id
),

measured AS (
    SELECT
        subject,
        min(first_ts) AS first_ts,
        max(last_ts) AS last_ts,
        count(*) AS series,
        sum(points) AS points,
        sum(provisional_points) AS provisional_points
    FROM series
    GROUP BY subject
),

streams AS (
    SELECT
        subject,
        count(*) AS log_events,
        min(ts) AS first_log,
        max(ts) AS last_log
    FROM logs
    WHERE ($subject = '' OR subject = $subject)
    GROUP BY subject, log_group, log_stream
),

logged AS (
    SELECT
        subject,
        sum(log_events) AS log_events,
        count(*) AS log_streams,
        min(first_log) AS first_log,
        max(last_log) AS last_log
    FROM streams
    GROUP BY subject
)

SELECT
    COALESCE(measured.subject, logged.subject) AS subject,
    measured.first_ts,
    measured.last_ts,
    CAST(COALESCE(measured.series, 0) AS BIGINT) AS series,
    CAST(COALESCE(measured.points, 0) AS BIGINT) AS points,
    CAST(COALESCE(measured.provisional_points, 0) AS BIGINT) AS provisional_points,
    CAST(COALESCE(logged.log_events, 0) AS BIGINT) AS log_events,
    CAST(COALESCE(logged.log_streams, 0) AS BIGINT) AS log_streams,
    logged.first_log,
    logged.last_log
FROM measured
FULL OUTER JOIN logged
    ON measured.subject = logged.subject
ORDER BY subject
