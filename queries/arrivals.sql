-- name: arrivals
-- purpose: how far back the metrics reach that were pulled since a time. A night that lost
--   CloudWatch is looked at again by the night that has its data.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
--   $since TIMESTAMP = 1970-01-01T00:00:00Z: first instant of pulling that counts
-- columns:
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   first_window TIMESTAMP UTC: earliest start of what came
--   chunks BIGINT chunks: of metrics, that came whole, in part or empty
-- grain: one row per subject

SELECT
    subject,
    min(window_start) AS first_window,
    count(*) AS chunks
FROM ledger
WHERE ($subject = '' OR subject = $subject)
    AND dataset = 'metrics'
    AND status IN ('complete', 'partial', 'empty', 'provisional')
    AND period_s >= 60
    AND fetched_at >= CAST($since AS TIMESTAMP)
    -- A row of one metric alone is of a series that was not known before.
    AND chunk NOT LIKE '%#%'
GROUP BY subject
ORDER BY subject
