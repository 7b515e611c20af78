-- name: errors_by_minute
-- purpose: failed requests and the log lines of the same time, side by side.
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
--   errors_4xx DOUBLE requests: answers with a 4xx status
--   errors_5xx DOUBLE requests: answers with a 5xx status
--   model_errors DOUBLE requests: requests that the model did not answer with 2xx
--   errors_4xx_ratio DOUBLE ratio: 4xx over invocations
--   errors_5xx_ratio DOUBLE ratio: 5xx over invocations
--   log_lines BIGINT lines: log events
--   log_warnings BIGINT lines: at WARN
--   log_errors BIGINT lines: at ERROR or FATAL
-- grain: one row per endpoint, variant and bucket with requests or log lines

SELECT
    endpoint,
    variant,
    bucket_start,
    invocations,
    errors_4xx,
    errors_5xx,
    model_errors,
    errors_4xx / NULLIF(invocations, 0) AS errors_4xx_ratio,
    errors_5xx / NULLIF(invocations, 0) AS errors_5xx_ratio,
    log_lines,
    log_warnings,
    log_errors
FROM variant_minutes
WHERE invocations IS NOT NULL
    OR log_lines > 0
ORDER BY endpoint, variant, bucket_start
