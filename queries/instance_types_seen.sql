-- name: instance_types_seen
-- purpose: which instance types the metrics of a variant name in their InstanceType dimension, so
--   that what runs there can be told even where SageMaker was not asked to describe the endpoint.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: production variant
--   instance_type VARCHAR -: for example ml.g5.xlarge
--   points BIGINT points: rows of metrics that name it
--   last_ts TIMESTAMP UTC: start of the last of them
-- grain: one row per endpoint, variant and instance type

WITH named AS (
    SELECT
        endpoint,
        variant,
        capture(CAST(dims AS VARCHAR), 'InstanceType=([^,}]+)', 1) AS instance_type,
        ts
    FROM metrics
    WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
        AND ($endpoint = '' OR endpoint = $endpoint)
        AND ($variant = '' OR variant = $variant)
        AND endpoint IS NOT NULL
        AND variant IS NOT NULL
        AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND ts >= CAST($start AS TIMESTAMP)
        AND ts < CAST($end AS TIMESTAMP)
        AND dim_set LIKE '%InstanceType%'
)

SELECT
    endpoint,
    variant,
    instance_type,
    count(*) AS points,
    max(ts) AS last_ts
FROM named
WHERE instance_type IS NOT NULL
GROUP BY endpoint, variant, instance_type
ORDER BY endpoint, variant, instance_type
