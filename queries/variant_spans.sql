-- name: variant_spans
-- purpose: the production variants of an endpoint, with what an analysis has to know before
--   it reads the rest. Like variants without the count of series, which takes longer.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: production variant
--   account VARCHAR -: AWS account, NULL unknown
--   region VARCHAR -: AWS region, NULL unknown
--   metrics BIGINT metrics: distinct metric names
--   instances BIGINT instances: distinct InstanceId, 0 where only values of the whole variant exist
--   points BIGINT points: rows of metrics
--   first_ts TIMESTAMP UTC: start of the first point
--   last_ts TIMESTAMP UTC: start of the last point
-- grain: one row per endpoint, variant, account and region

WITH named AS (
    SELECT
        endpoint,
        variant,
        account,
        region,
        metric,
        instance_id,
        count(*) AS points,
        min(ts) AS first_ts,
        max(ts) AS last_ts
    FROM metrics
    WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
        AND ($endpoint = '' OR endpoint = $endpoint)
        AND endpoint IS NOT NULL
        AND variant IS NOT NULL
    GROUP BY endpoint, variant, account, region, metric, instance_id
)

SELECT
    endpoint,
    variant,
    account,
    region,
    count(DISTINCT metric) AS metrics,
    count(DISTINCT instance_id) AS instances,
    CAST(sum(points) AS BIGINT) AS points,
    min(first_ts) AS first_ts,
    max(last_ts) AS last_ts
FROM named
GROUP BY endpoint, variant, account, region
ORDER BY endpoint, variant, account, region
