-- name: latency_breakdown
-- purpose: where the time goes: in the model or around it. Means add up; percentiles do not.
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
--   model_mean_s DOUBLE s: mean ModelLatency
--   overhead_mean_s DOUBLE s: mean OverheadLatency
--   total_mean_s DOUBLE s: their sum
--   overhead_ratio DOUBLE ratio: overhead over the sum
--   model_p50_s DOUBLE s: p50 of ModelLatency
--   model_p99_s DOUBLE s: p99 of ModelLatency
--   model_max_s DOUBLE s: slowest request in the model
--   overhead_max_s DOUBLE s: largest OverheadLatency
-- grain: one row per endpoint, variant and bucket with any latency

SELECT
    endpoint,
    variant,
    bucket_start,
    invocations / $bucket_s AS offered_rps,
    model_mean_s,
    overhead_mean_s,
    model_mean_s + overhead_mean_s AS total_mean_s,
    overhead_mean_s / NULLIF(model_mean_s + overhead_mean_s, 0) AS overhead_ratio,
    model_p50_s,
    model_p99_s,
    model_max_s,
    overhead_max_s
FROM variant_minutes
WHERE COALESCE(model_mean_s, overhead_mean_s) IS NOT NULL
ORDER BY endpoint, variant, bucket_start
