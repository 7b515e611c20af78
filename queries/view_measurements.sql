-- name: measurements
-- purpose: metrics in base units. Durations are seconds; CPU, GPU and GPU memory are busy
--   cores or GPUs; other percentages are ratios from 0 to 1; the rest is as published.
-- columns:
--   ts TIMESTAMP UTC: start of the period
--   period_s INTEGER s: length of the period
--   account VARCHAR -: AWS account, NULL unknown
--   region VARCHAR -: AWS region, NULL unknown
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   namespace VARCHAR -: CloudWatch namespace
--   metric VARCHAR -: metric name
--   base_unit VARCHAR -: s, ratio, busy or the unit as published
--   dim_set VARCHAR -: sorted dimension names, joined by commas
--   endpoint VARCHAR -: dimension EndpointName
--   variant VARCHAR -: dimension VariantName
--   component VARCHAR -: dimension InferenceComponentName
--   instance_id VARCHAR -: dimension InstanceId
--   sample_count DOUBLE samples: SampleCount
--   rate DOUBLE base_unit/s: Sum over the length of the period
--   sum DOUBLE base_unit: Sum
--   average DOUBLE base_unit: Average, else Sum over SampleCount
--   minimum DOUBLE base_unit: Minimum
--   maximum DOUBLE base_unit: Maximum
--   p50 DOUBLE base_unit: 50th percentile
--   p90 DOUBLE base_unit: 90th percentile
--   p95 DOUBLE base_unit: 95th percentile
--   p99 DOUBLE base_unit: 99th percentile
--   settled BOOLEAN -: older than its settle time when fetched
--   dt DATE UTC: day of ts: the partition
-- grain: one row per series, period and timestamp

SELECT
    ts,
    period_s,
    account,
    region,
    subject,
    namespace,
    metric,
    base_unit,
    dim_set,
    endpoint,
    variant,
    component,
    instance_id,
    sample_count,
    sum / scale / period_s AS rate,
    sum / scale AS sum,
    COALESCE(average, sum / NULLIF(sample_count, 0)) / scale AS average,
    minimum / scale AS minimum,
    maximum / scale AS maximum,
    p50 / scale AS p50,
    p90 / scale AS p90,
    p95 / scale AS p95,
    p99 / scale AS p99,
    NOT COALESCE(provisional, false) AS settled,
    dt
FROM (
    SELECT
        ts,
        period_s,
        account,
        region,
        subject,
        namespace,
        metric,
        dim_set,
        endpoint,
        variant,
        component,
        instance_id,
        sample_count,
        sum,
        average,
        minimum,
        maximum,
        p50,
        p90,
        p95,
        p99,
        dt,
        provisional,
        CASE unit
            WHEN 'Microseconds' THEN 1000000.0
            WHEN 'Milliseconds' THEN 1000.0
            WHEN 'Percent' THEN 100.0
            ELSE 1.0
        END AS scale,
        CASE
            WHEN unit IN ('Microseconds', 'Milliseconds', 'Seconds') THEN 's'
            WHEN unit = 'Percent' AND metric IN ('CPUUtilization', 'GPUUtilization', 'GPUMemoryUtilization') THEN 'busy'
            WHEN unit = 'Percent' THEN 'ratio'
            ELSE unit
        END AS base_unit
    FROM metrics
) AS scaled
