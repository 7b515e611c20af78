-- name: error_onset
-- purpose: error ratios against load, lightest load first. The lower bound is Wilson's for
--   95 %: where it rises above 0.1 % the errors are not chance. Flat 4xx are the
--   client's; 5xx that begin at a rate are the endpoint's.
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
--   offered_rps_per_instance DOUBLE requests/s: requests that arrived, per instance
--   invocations DOUBLE requests: requests that reached the variant
--   errors_4xx DOUBLE requests: answers with a 4xx status
--   errors_5xx DOUBLE requests: answers with a 5xx status
--   errors_4xx_ratio DOUBLE ratio: 4xx over invocations
--   errors_4xx_ratio_lo DOUBLE ratio: lower bound of it, 95 %
--   errors_5xx_ratio DOUBLE ratio: 5xx over invocations
--   errors_5xx_ratio_lo DOUBLE ratio: lower bound of it, 95 %
-- grain: one row per endpoint, variant and bucket with invocations

SELECT
    endpoint,
    variant,
    bucket_start,
    invocations / $bucket_s / NULLIF(COALESCE(live_instances, reporting_instances), 0) AS offered_rps_per_instance,
    invocations,
    errors_4xx,
    errors_5xx,
    errors_4xx / NULLIF(invocations, 0) AS errors_4xx_ratio,
    CASE
        WHEN invocations > 0 AND errors_4xx IS NOT NULL
            THEN greatest(0, (
                errors_4xx / invocations + 1.9207294103470618 / invocations
                - 1.959963984540054 * sqrt(
                    (errors_4xx / invocations * (1 - errors_4xx / invocations) + 0.9603647051735309 / invocations)
                    / invocations
                )
            ) / (1 + 3.8414588206941236 / invocations))
    END AS errors_4xx_ratio_lo,
    errors_5xx / NULLIF(invocations, 0) AS errors_5xx_ratio,
    CASE
        WHEN invocations > 0 AND errors_5xx IS NOT NULL
            THEN greatest(0, (
                errors_5xx / invocations + 1.9207294103470618 / invocations
                - 1.959963984540054 * sqrt(
                    (errors_5xx / invocations * (1 - errors_5xx / invocations) + 0.9603647051735309 / invocations)
                    / invocations
                )
            ) / (1 + 3.8414588206941236 / invocations))
    END AS errors_5xx_ratio_lo
FROM variant_minutes
WHERE invocations IS NOT NULL
ORDER BY endpoint, variant, offered_rps_per_instance, bucket_start
