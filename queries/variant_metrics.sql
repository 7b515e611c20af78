-- name: variant_metrics
-- purpose: what is published of each variant of an endpoint, under whatever dimensions.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
-- columns:
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   variant VARCHAR -: production variant, NULL for what is of the whole endpoint
--   metric VARCHAR -: metric name
-- grain: one row per subject, variant and metric

SELECT
    subject,
    variant,
    metric
FROM metrics
WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
    AND subject LIKE 'endpoint/%'
GROUP BY subject, variant, metric
ORDER BY subject, variant, metric
