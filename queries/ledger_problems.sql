-- name: ledger_problems
-- purpose: every chunk within the window that is not complete, or that skipped records, and why.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   subject VARCHAR -: kind/name
--   dataset VARCHAR -: metrics, logs, requests or resources
--   scope VARCHAR -: log group, file or Describe call
--   window_start TIMESTAMP UTC: first instant asked for, NULL for a chunk without a window
--   window_end TIMESTAMP UTC: first instant no longer asked for
--   period_s INTEGER s: period asked for, 0 for logs
--   status VARCHAR -: provisional, partial, failed, denied or empty; complete when only records were skipped
--   reason VARCHAR -: why
--   row_count BIGINT rows: points or events that came
--   skipped BIGINT rows: malformed records
--   fetched_at TIMESTAMP UTC: when
-- grain: one row per chunk

SELECT
    subject,
    dataset,
    scope,
    window_start,
    window_end,
    period_s,
    status,
    reason,
    row_count,
    skipped,
    fetched_at
FROM ledger
WHERE ($subject = '' OR subject = $subject)
    AND (window_start IS NULL OR window_start < CAST($end AS TIMESTAMP))
    AND (
        window_end IS NULL
        OR window_end > CAST($start AS TIMESTAMP)
        OR (window_end = window_start AND window_end = CAST($start AS TIMESTAMP))
    )
    AND (status <> 'complete' OR skipped > 0)
ORDER BY subject, dataset, scope, window_start, period_s, chunk
