-- name: metrics_asked
-- purpose: which stretches of metrics were asked for, and whether all of the answers came: an
--   hour that nobody asked for, or that was not answered, is no silence.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   window_start TIMESTAMP UTC: first instant asked for
--   window_end TIMESTAMP UTC: first instant no longer asked for
--   unanswered BIGINT chunks: of the stretch, failed, denied or in part
-- grain: one row per subject and stretch

SELECT
    subject,
    window_start,
    window_end,
    count_true(status NOT IN ('complete', 'empty', 'provisional')) AS unanswered
FROM ledger
WHERE ($subject = '' OR subject = $subject)
    AND dataset = 'metrics'
    AND period_s >= 60
    AND window_start < CAST($end AS TIMESTAMP)
    AND window_end > CAST($start AS TIMESTAMP)
GROUP BY subject, window_start, window_end
ORDER BY subject, window_start, window_end
