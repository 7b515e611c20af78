-- name: variants
-- purpose: the production variants of the endpoints in the lake, with how much is known of each.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: production variant
--   account VARCHAR -: AWS account, NULL unknown
--   region VARCHAR -: AWS region, NULL unknown
--   metrics BIGINT metrics: distinct metric names
--   instances BIGINT instances: distinct InstanceId, 0 where only values of the whole variant exist
--   series BIGINT series: distinct metrics, dimension sets, instances and periods
--   points BIGINT points: rows of metrics
--   first_ts TIMESTAMP UTC: start of the first point
--   last_ts TIMESTAMP UTC: start of the last point
-- grain: one row per endpoint, variant, account and region

WITH series AS (
    SELECT
        endpoint,
        variant,
        account,
        region,
        namespace,
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
    GROUP BY
        endpoint, variant, account, region, namespace, metric, dim_set, period_s,
        instance_id, container_id, accelerator_id
)

SELECT
    endpoint,
    variant,
    account,
    region,
    count(DISTINCT metric) AS metrics,
    count(DISTINCT instance_id) AS instances,
    count(*) AS series,
    CAST(sum(points) AS BIGINT) AS points,
    min(first_ts) AS first_ts,
    max(last_ts) AS last_ts
FROM series
GROUP BY endpoint, variant, account, region
ORDER BY endpoint, variant, account, region
