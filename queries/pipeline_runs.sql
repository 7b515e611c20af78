-- name: pipeline_runs
-- purpose: how long each execution of a pipeline took, as a whole and step by step, and how many
--   failed. Executions that end in one minute are known by their mean.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   account VARCHAR -: AWS account, '' unknown
--   region VARCHAR -: AWS region, '' unknown
--   subject VARCHAR -: kind/name
--   dim_set VARCHAR -: PipelineName for an execution, PipelineName,StepName for a step
--   dims VARCHAR -: dimensions with their values, as text
--   ts TIMESTAMP UTC: start of the minute in which it ended
--   duration_s DOUBLE s: how long it took, NULL when nothing says
--   failed DOUBLE executions: that failed in this minute
-- grain: one row per account, region, pipeline, step and minute in which something ended

SELECT
    COALESCE(account, '') AS account,
    COALESCE(region, '') AS region,
    subject,
    dim_set,
    CAST(dims AS VARCHAR) AS dims,
    ts,
    max(CASE WHEN metric LIKE '%Duration' THEN COALESCE(average, sum / NULLIF(sample_count, 0)) END) / 1000.0 AS duration_s,
    COALESCE(max(CASE WHEN metric LIKE '%Failed' THEN sum END), 0) AS failed
FROM metrics
WHERE ($subject = '' OR subject = $subject)
    AND subject LIKE 'pipeline/%'
    AND dim_set IN ('PipelineName', 'PipelineName,StepName')
    AND metric IN ('ExecutionDuration', 'ExecutionFailed', 'StepDuration', 'StepFailed')
    AND period_s = 60
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
    AND (metric LIKE '%Duration' OR sum > 0)
GROUP BY COALESCE(account, ''), COALESCE(region, ''), subject, dim_set, CAST(dims AS VARCHAR), ts
ORDER BY subject, account, region, dim_set, dims, ts
