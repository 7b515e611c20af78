-- name: log_gaps
-- purpose: spans within the window for which log events are not known to be whole: asked for
--   without a full answer, still settling, or silent while the stream went on before and after.
--   A silent hour need not be a loss, since a container may have had nothing to say.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   subject VARCHAR -: kind/name
--   scope VARCHAR -: log group, or group and stream for a silent span
--   gap VARCHAR -: partial, failed, denied, provisional, or silent
--   from_ts TIMESTAMP UTC: start of the span
--   to_ts TIMESTAMP UTC: its end, not included
--   gap_s DOUBLE s: length of the span
--   reason VARCHAR -: what the ledger says, NULL for a silent span
-- grain: one row per span

WITH hours AS (
    SELECT
        subject,
        log_group,
        log_stream,
        bucket(3600, ts) AS hour,
        min(ts) AS first_ts,
        max(ts) AS last_ts
    FROM logs
    WHERE ($subject = '' OR subject = $subject)
        AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND ts >= CAST($start AS TIMESTAMP)
        AND ts < CAST($end AS TIMESTAMP)
    GROUP BY subject, log_group, log_stream, bucket(3600, ts)
),

followed AS (
    SELECT
        subject,
        log_group,
        log_stream,
        hour,
        last_ts,
        lead(hour) OVER (PARTITION BY subject, log_group, log_stream ORDER BY hour) AS next_hour,
        lead(first_ts) OVER (PARTITION BY subject, log_group, log_stream ORDER BY hour) AS next_ts
    FROM hours
),

spans AS (
    SELECT
        subject,
        log_group || '/' || log_stream AS scope,
        'silent' AS gap,
        last_ts AS from_ts,
        next_ts AS to_ts,
        CAST(NULL AS VARCHAR) AS reason
    FROM followed
    WHERE elapsed_s(hour, next_hour) > 3600

    UNION ALL

    SELECT
        subject,
        scope,
        status AS gap,
        window_start AS from_ts,
        window_end AS to_ts,
        reason
    FROM ledger
    WHERE dataset = 'logs'
        AND status IN ('partial', 'failed', 'denied', 'provisional')
        AND ($subject = '' OR subject = $subject)
        AND window_start < CAST($end AS TIMESTAMP)
        AND window_end > CAST($start AS TIMESTAMP)
)

SELECT
    subject,
    scope,
    gap,
    from_ts,
    to_ts,
    elapsed_s(from_ts, to_ts) AS gap_s,
    reason
FROM spans
ORDER BY subject, scope, from_ts, gap
