-- name: utilization_by_minute
-- purpose: how busy every resource was. CPU, GPU and GPU memory are in busy cores and GPUs of
--   one instance: divide by what the instance type has.
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
--   instances DOUBLE instances: live instances, else those that reported utilization
--   offered_rps DOUBLE requests/s: requests that arrived, whole fleet
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
--   provisional BOOLEAN -: some point may still change
-- grain: one row per endpoint, variant and bucket with any utilization

SELECT
    endpoint,
    variant,
    bucket_start,
    COALESCE(live_instances, reporting_instances) AS instances,
    invocations / $bucket_s AS offered_rps,
    cpu_busy,
    cpu_busy_max,
    gpu_busy,
    gpu_busy_max,
    gpu_memory_busy,
    gpu_memory_busy_max,
    memory_ratio,
    memory_ratio_max,
    disk_ratio,
    disk_ratio_max,
    provisional
FROM variant_minutes
WHERE COALESCE(cpu_busy, gpu_busy, gpu_memory_busy, memory_ratio, disk_ratio) IS NOT NULL
ORDER BY endpoint, variant, bucket_start
