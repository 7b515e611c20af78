-- name: variant_metrics
-- purpose: what is published of each variant of an endpoint, under whatever dimensions.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: production variant
--   metric VARCHAR -: metric name
-- grain: one row per endpoint, variant and metric

SELECT
    endpoint,
    variant,
    metric
FROM metrics
WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
    AND ($endpoint = '' OR endpoint = $endpoint)
    AND endpoint IS NOT NULL
    AND variant IS NOT NULL
GROUP BY endpoint, variant, metric
ORDER BY endpoint, variant, metric
