-- name: capacity_plateau
-- purpose: load, what was served, and how busy every resource was: the rows behind a
--   measured or fitted capacity. Give the window of the plateau.
-- with: variant_minutes
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $dim_set VARCHAR = '': dimension set to look at, such as EndpointName,VariantName; '' takes every set
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $bucket_s BIGINT = 60: width of a bucket, seconds
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: production variant
--   bucket_start TIMESTAMP UTC: start of the bucket
--   offered_rps DOUBLE requests/s: requests that arrived, whole fleet
--   served_rps DOUBLE requests/s: successful answers, whole fleet
--   instances DOUBLE instances: live instances, else those that reported utilization
--   offered_rps_per_instance DOUBLE requests/s: requests that arrived, per instance
--   served_rps_per_instance DOUBLE requests/s: successful answers, per instance
--   error_ratio DOUBLE ratio: 4xx and 5xx answers over requests
--   concurrency_per_instance DOUBLE requests: requests in the model at once, by Little's law
--   model_p50_s DOUBLE s: p50 of ModelLatency
--   model_p99_s DOUBLE s: p99 of ModelLatency
--   cpu_busy DOUBLE cores: mean over instances
--   cpu_busy_max DOUBLE cores: the busiest instance
--   gpu_busy DOUBLE GPUs: mean over instances
--   gpu_busy_max DOUBLE GPUs: the busiest instance
--   gpu_memory_busy DOUBLE GPUs: GPUs' worth of memory, mean over instances
--   gpu_memory_busy_max DOUBLE GPUs: the fullest instance
--   memory_ratio DOUBLE ratio: mean over instances
--   memory_ratio_max DOUBLE ratio: the fullest instance
--   disk_ratio DOUBLE ratio: mean over instances
--   disk_ratio_max DOUBLE ratio: the fullest instance
-- grain: one row per endpoint, variant and bucket with invocations

SELECT
    endpoint,
    variant,
    bucket_start,
    invocations / $bucket_s AS offered_rps,
    (invocations - COALESCE(errors_4xx, 0) - COALESCE(errors_5xx, 0)) / $bucket_s AS served_rps,
    COALESCE(live_instances, reporting_instances) AS instances,
    invocations / $bucket_s / NULLIF(COALESCE(live_instances, reporting_instances), 0) AS offered_rps_per_instance,
    (invocations - COALESCE(errors_4xx, 0) - COALESCE(errors_5xx, 0)) / $bucket_s
        / NULLIF(COALESCE(live_instances, reporting_instances), 0) AS served_rps_per_instance,
    CASE
        WHEN COALESCE(errors_4xx, errors_5xx) IS NOT NULL
            THEN (COALESCE(errors_4xx, 0) + COALESCE(errors_5xx, 0)) / NULLIF(invocations, 0)
    END AS error_ratio,
    invocations / $bucket_s * model_mean_s / NULLIF(COALESCE(live_instances, reporting_instances), 0) AS concurrency_per_instance,
    model_p50_s,
    model_p99_s,
    cpu_busy,
    cpu_busy_max,
    gpu_busy,
    gpu_busy_max,
    gpu_memory_busy,
    gpu_memory_busy_max,
    memory_ratio,
    memory_ratio_max,
    disk_ratio,
    disk_ratio_max
FROM variant_minutes
WHERE invocations IS NOT NULL
ORDER BY endpoint, variant, bucket_start
