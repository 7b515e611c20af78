-- name: coverage_by_series
-- purpose: how complete each metric is. Without $start or $end the wanted span is the one
--   that the variant has any metric for.
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
--   period_s INTEGER s: length of the period
--   spacing_s DOUBLE s: median distance between neighbouring points, NULL for one point
--   points BIGINT points: distinct timestamps that are there
--   wanted BIGINT points: periods that start within the span
--   missing BIGINT points: wanted less points, at least 0
--   provisional_points BIGINT points: younger than their settle time when fetched
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
        ts,
        max(CASE WHEN provisional THEN 1 ELSE 0 END) AS provisional
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
        provisional,
        elapsed_s(
            lag(ts) OVER (
                PARTITION BY endpoint, variant, namespace, metric, dim_set, period_s
                ORDER BY ts
            ),
            ts
        ) AS gap_s
    FROM moments
),

covered AS (
    SELECT
        endpoint,
        variant,
        namespace,
        metric,
        dim_set,
        period_s,
        quantile(gap_s, 0.5) AS spacing_s,
        count(*) AS points,
        sum(provisional) AS provisional_points,
        min(ts) AS first_ts,
        max(ts) AS last_ts,
        max(elapsed_s(TIMESTAMP '1970-01-01 00:00:00', ts) + period_s) AS last_end_s
    FROM spaced
    GROUP BY endpoint, variant, namespace, metric, dim_set, period_s
),

spans AS (
    SELECT
        endpoint,
        variant,
        CASE
            WHEN $start = TIMESTAMP '1970-01-01 00:00:00'
                THEN elapsed_s(TIMESTAMP '1970-01-01 00:00:00', min(first_ts))
            ELSE elapsed_s(TIMESTAMP '1970-01-01 00:00:00', CAST($start AS TIMESTAMP))
        END AS start_s,
        CASE
            WHEN $end = TIMESTAMP '9999-01-01 00:00:00' THEN max(last_end_s)
            ELSE elapsed_s(TIMESTAMP '1970-01-01 00:00:00', CAST($end AS TIMESTAMP))
        END AS end_s
    FROM covered
    GROUP BY endpoint, variant
),

wanted AS (
    SELECT
        covered.endpoint,
        covered.variant,
        covered.namespace,
        covered.metric,
        covered.dim_set,
        covered.period_s,
        covered.spacing_s,
        covered.points,
        covered.provisional_points,
        covered.first_ts,
        covered.last_ts,
        CAST(
            ceil(spans.end_s / covered.period_s) - ceil(spans.start_s / covered.period_s)
            AS BIGINT
        ) AS wanted
    FROM covered
    INNER JOIN spans
        ON covered.endpoint = spans.endpoint
        AND covered.variant = spans.variant
)

SELECT
    endpoint,
    variant,
    namespace,
    metric,
    dim_set,
    period_s,
    spacing_s,
    points,
    wanted,
    CASE WHEN wanted > points THEN wanted - points ELSE 0 END AS missing,
    CAST(provisional_points AS BIGINT) AS provisional_points,
    first_ts,
    last_ts
FROM wanted
ORDER BY endpoint, variant, namespace, metric, dim_set, period_s
