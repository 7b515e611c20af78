-- name: periods
-- purpose: which periods each metric exists in. Utilization may be published every 10 s or
--   every 300 s while invocations come every 60 s: choose a bucket that is not
--   shorter than the coarsest that matters.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: production variant
--   namespace VARCHAR -: CloudWatch namespace
--   metric VARCHAR -: metric name
--   dim_set VARCHAR -: sorted dimension names, joined by commas
--   period_s INTEGER s: period that was asked for
--   spacing_s DOUBLE s: median distance between neighbouring points, NULL for one point
--   points BIGINT points: distinct timestamps
--   first_ts TIMESTAMP UTC: start of the first point
--   last_ts TIMESTAMP UTC: start of the last point
-- grain: one row per endpoint, variant, metric, dimension set and period

WITH moments AS (
    SELECT
        endpoint,
        variant,
        namespace,
        metric,
        dim_set,
        period_s,
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
    GROUP BY endpoint, variant, namespace, metric, dim_set, period_s, ts
),

spaced AS (
    SELECT
        endpoint,
        variant,
        namespace,
        metric,
        dim_set,
        period_s,
        ts,
        elapsed_s(
            lag(ts) OVER (
                PARTITION BY endpoint, variant, namespace, metric, dim_set, period_s
                ORDER BY ts
            ),
            ts
        ) AS gap_s
    FROM moments
)

SELECT
    endpoint,
    variant,
    namespace,
    metric,
    dim_set,
    period_s,
    quantile(gap_s, 0.5) AS spacing_s,
    count(*) AS points,
    min(ts) AS first_ts,
    max(ts) AS last_ts
FROM spaced
GROUP BY endpoint, variant, namespace, metric, dim_set, period_s
ORDER BY endpoint, variant, namespace, metric, dim_set, period_s
