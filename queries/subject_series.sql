-- name: subject_series
-- purpose: every point of one subject with its series, in the units as published. The same data
--   may stand there under several dimension sets: name the dim_set you want.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   subject VARCHAR -: kind/name
--   namespace VARCHAR -: CloudWatch namespace
--   metric VARCHAR -: metric name
--   unit VARCHAR -: unit as published
--   dim_set VARCHAR -: sorted dimension names, joined by commas
--   dims VARCHAR -: dimensions with their values, as text
--   period_s INTEGER s: length of the period
--   endpoint VARCHAR -: dimension EndpointName, NULL without
--   variant VARCHAR -: dimension VariantName, NULL without
--   component VARCHAR -: dimension InferenceComponentName, NULL without
--   host VARCHAR -: dimension Host, NULL without
--   instance_id VARCHAR -: dimension InstanceId, NULL without
--   ts TIMESTAMP UTC: start of the period
--   sample_count DOUBLE samples: SampleCount
--   sum DOUBLE unit: Sum
--   average DOUBLE unit: Average, else Sum over SampleCount
--   minimum DOUBLE unit: Minimum
--   maximum DOUBLE unit: Maximum
--   p50 DOUBLE unit: 50th percentile
--   p90 DOUBLE unit: 90th percentile
--   p99 DOUBLE unit: 99th percentile
--   provisional BOOLEAN -: younger than its settle time when fetched
-- grain: one row per series, period and timestamp

SELECT
    subject,
    namespace,
    metric,
    unit,
    dim_set,
    CAST(dims AS VARCHAR) AS dims,
    period_s,
    endpoint,
    variant,
    component,
    host,
    instance_id,
    ts,
    sample_count,
    sum,
    COALESCE(average, sum / NULLIF(sample_count, 0)) AS average,
    minimum,
    maximum,
    p50,
    p90,
    p99,
    COALESCE(provisional, false) AS provisional
FROM metrics
WHERE ($subject = '' OR subject = $subject)
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
ORDER BY subject, namespace, metric, unit, dim_set, dims, period_s, ts
