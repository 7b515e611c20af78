-- name: instance_minutes
-- purpose: load and utilization of each instance by itself, where EnableEnhancedMetrics
--   publishes them under InstanceId. Within a bucket each metric is read from one period,
--   the bucket's own where it exists, else the finest.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $bucket_s BIGINT = 60: width of a bucket, seconds
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: production variant
--   instance_id VARCHAR -: dimension InstanceId
--   bucket_start TIMESTAMP UTC: start of the bucket
--   invocations DOUBLE requests: requests that reached the instance
--   errors_5xx DOUBLE requests: answers with a 5xx status
--   model_mean_s DOUBLE s: mean ModelLatency, Sum over SampleCount
--   cpu_busy DOUBLE cores: busy cores
--   gpu_busy DOUBLE GPUs: busy GPUs
-- grain: one row per endpoint, variant, instance and bucket in which any of it was published

WITH per_period AS (
    SELECT
        endpoint,
        variant,
        instance_id,
        bucket($bucket_s, ts) AS bucket_start,
        CASE WHEN period_s = $bucket_s THEN 0 ELSE period_s END AS preference,
        total(CASE WHEN metric = 'Invocations' THEN COALESCE(sum, average * sample_count) END) AS invocations,
        total(CASE WHEN metric = 'Invocation5XXErrors' THEN COALESCE(sum, average * sample_count) END) AS errors_5xx,
        total(CASE WHEN metric = 'ModelLatency' THEN COALESCE(sum, average * sample_count) END) AS model_sum,
        total(CASE WHEN metric = 'ModelLatency' THEN sample_count END) AS model_samples,
        max(CASE WHEN metric = 'ModelLatency' THEN unit END) AS model_unit,
        avg(CASE WHEN metric = 'CPUUtilization' THEN COALESCE(average, sum / NULLIF(sample_count, 0)) END) AS cpu,
        avg(CASE WHEN metric = 'GPUUtilization' THEN COALESCE(average, sum / NULLIF(sample_count, 0)) END) AS gpu
    FROM metrics
    WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
        AND ($endpoint = '' OR endpoint = $endpoint)
        AND ($variant = '' OR variant = $variant)
        AND endpoint IS NOT NULL
        AND variant IS NOT NULL
        AND dim_set = 'EndpointName,InstanceId,VariantName'
        AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND ts >= CAST($start AS TIMESTAMP)
        AND ts < CAST($end AS TIMESTAMP)
        AND period_s <= $bucket_s
        AND metric IN ('Invocations', 'Invocation5XXErrors', 'ModelLatency', 'CPUUtilization', 'GPUUtilization')
    GROUP BY endpoint, variant, instance_id, bucket($bucket_s, ts), period_s
)

SELECT
    endpoint,
    variant,
    instance_id,
    bucket_start,
    preferred(invocations, preference) AS invocations,
    preferred(errors_5xx, preference) AS errors_5xx,
    preferred(seconds(model_sum / NULLIF(model_samples, 0), model_unit), preference) AS model_mean_s,
    preferred(cpu / 100.0, preference) AS cpu_busy,
    preferred(gpu / 100.0, preference) AS gpu_busy
FROM per_period
GROUP BY endpoint, variant, instance_id, bucket_start
ORDER BY endpoint, variant, instance_id, bucket_start
