-- name: ledger_summary
-- purpose: what was asked for within the window, what came and what it cost, by outcome.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   dataset VARCHAR -: metrics, logs, requests or resources
--   status VARCHAR -: complete, provisional, partial, failed, denied or empty
--   chunks BIGINT chunks: chunks asked for
--   row_count BIGINT rows: points or events that came
--   calls BIGINT calls: API calls made
--   retries BIGINT calls: of them, repeated
--   skipped BIGINT rows: malformed records
--   cost_low DOUBLE USD: least cost of the calls
--   cost_high DOUBLE USD: most
--   last_fetched_at TIMESTAMP UTC: newest fetch
-- grain: one row per dataset and status

SELECT
    dataset,
    status,
    count(*) AS chunks,
    CAST(sum(row_count) AS BIGINT) AS row_count,
    CAST(sum(calls) AS BIGINT) AS calls,
    CAST(sum(retries) AS BIGINT) AS retries,
    CAST(sum(skipped) AS BIGINT) AS skipped,
    total(cost_low) AS cost_low,
    total(cost_high) AS cost_high,
    max(fetched_at) AS last_fetched_at
FROM ledger
WHERE ($subject = '' OR subject = $subject)
    AND (window_start IS NULL OR window_start < CAST($end AS TIMESTAMP))
    AND (
        window_end IS NULL
        OR window_end > CAST($start AS TIMESTAMP)
        OR (window_end = window_start AND window_end = CAST($start AS TIMESTAMP))
    )
GROUP BY dataset, status
ORDER BY dataset, status
