-- name: variant_spans
-- purpose: how far the points of the variants of an endpoint reach, under one dimension set or
--   all of them.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $dim_set VARCHAR = '': dimension set to look at, such as EndpointName,VariantName; '' takes every set
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: production variant
--   account VARCHAR -: AWS account, NULL unknown
--   region VARCHAR -: AWS region, NULL unknown
--   points BIGINT points: rows of metrics
--   first_ts TIMESTAMP UTC: start of the first point
--   last_ts TIMESTAMP UTC: start of the last point
-- grain: one row per endpoint, variant, account and region

SELECT
    endpoint,
    variant,
    account,
    region,
    count(*) AS points,
    min(ts) AS first_ts,
    max(ts) AS last_ts
FROM metrics
WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
    AND ($endpoint = '' OR endpoint = $endpoint)
    AND ($variant = '' OR variant = $variant)
    AND ($dim_set = '' OR dim_set = $dim_set)
    AND endpoint IS NOT NULL
    AND variant IS NOT NULL
GROUP BY endpoint, variant, account, region
ORDER BY endpoint, variant, account, region
