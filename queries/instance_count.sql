-- name: instance_count
-- purpose: how many instances lived, told in two ways: by the load, since each request adds
--   1/instances to InvocationsPerInstance, and by who published utilization.
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
--   invocations DOUBLE requests: requests that reached the variant
--   invocations_per_instance DOUBLE requests: Sum of InvocationsPerInstance
--   live_instances DOUBLE instances: the first over the second
--   reporting_instances DOUBLE instances: samples of CPUUtilization over publish cycles
--   difference DOUBLE instances: live less reporting
-- grain: one row per endpoint, variant and bucket in which either is known

SELECT
    endpoint,
    variant,
    bucket_start,
    invocations,
    invocations_per_instance,
    live_instances,
    reporting_instances,
    live_instances - reporting_instances AS difference
FROM variant_minutes
WHERE COALESCE(live_instances, reporting_instances) IS NOT NULL
ORDER BY endpoint, variant, bucket_start
