-- name: slo_crossing
-- purpose: latency against load, lightest load first: where a percentile crosses a limit.
--   Percentiles are the bucket's own and are never averaged.
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
--   offered_rps_per_instance DOUBLE requests/s: requests that arrived, per instance
--   served_rps_per_instance DOUBLE requests/s: successful answers, per instance
--   model_p50_s DOUBLE s: p50 of ModelLatency
--   model_p90_s DOUBLE s: p90
--   model_p95_s DOUBLE s: p95
--   model_p99_s DOUBLE s: p99
--   model_max_s DOUBLE s: slowest request
--   model_mean_s DOUBLE s: mean
--   model_count DOUBLE requests: samples behind the percentiles
--   error_ratio DOUBLE ratio: 4xx and 5xx answers over requests
-- grain: one row per endpoint, variant and bucket with invocations

SELECT
    endpoint,
    variant,
    bucket_start,
    COALESCE(live_instances, reporting_instances) AS instances,
    invocations / $bucket_s / NULLIF(COALESCE(live_instances, reporting_instances), 0) AS offered_rps_per_instance,
    (invocations - COALESCE(errors_4xx, 0) - COALESCE(errors_5xx, 0)) / $bucket_s
        / NULLIF(COALESCE(live_instances, reporting_instances), 0) AS served_rps_per_instance,
    model_p50_s,
    model_p90_s,
    model_p95_s,
    model_p99_s,
    model_max_s,
    model_mean_s,
    model_count,
    CASE
        WHEN COALESCE(errors_4xx, errors_5xx) IS NOT NULL
            THEN (COALESCE(errors_4xx, 0) + COALESCE(errors_5xx, 0)) / NULLIF(invocations, 0)
    END AS error_ratio
FROM variant_minutes
WHERE invocations IS NOT NULL
ORDER BY endpoint, variant, offered_rps_per_instance, bucket_start
