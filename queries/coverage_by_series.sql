-- name: coverage_by_series
-- purpose: how complete each metric is. Without $start or $end the wanted span is the one
--   that the variant has any metric for.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $dim_set VARCHAR = '': dimension set to look at, such as EndpointName,VariantName; '' takes every set
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

WITH series AS (
    -- Numbered, since what follows is faster by a number than by six names.
    SELECT
        endpoint,
        variant,
        namespace,
        metric,
        dim_set,
        period_s,
        row_number() OVER (ORDER BY endpoint, variant, namespace, metric, dim_set, period_s) AS number
    FROM metrics
    WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
        AND ($endpoint = '' OR endpoint = $endpoint)
        AND ($variant = '' OR variant = $variant)
        AND ($dim_set = '' OR dim_set = $dim_set)
        AND endpoint IS NOT NULL
        AND variant IS NOT NULL
        AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND ts >= CAST($start AS TIMESTAMP)
        AND ts < CAST($end AS TIMESTAMP)
    GROUP BY endpoint, variant, namespace, metric, dim_set, period_s
),

moments AS (
    SELECT
        series.number,
        points.ts,
        max(CASE WHEN points.provisional THEN 1 ELSE 0 END) AS provisional
    FROM metrics AS points
    INNER JOIN series
        ON points.endpoint = series.endpoint
        AND points.variant = series.variant
        AND COALESCE(points.namespace, '') = COALESCE(series.namespace, '')
        AND points.metric = series.metric
        AND points.dim_set = series.dim_set
        AND points.period_s = series.period_s
    WHERE ($endpoint = '' OR points.subject = 'endpoint/' || $endpoint)
        AND ($dim_set = '' OR points.dim_set = $dim_set)
        AND points.dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND points.dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND points.ts >= CAST($start AS TIMESTAMP)
        AND points.ts < CAST($end AS TIMESTAMP)
    GROUP BY series.number, points.ts
),

spaced AS (
    SELECT
        number,
        ts,
        provisional,
        elapsed_s(lag(ts) OVER (PARTITION BY number ORDER BY ts), ts) AS gap_s
    FROM moments
),

summed AS (
    SELECT
        number,
        quantile(gap_s, 0.5) AS spacing_s,
        count(*) AS points,
        sum(provisional) AS provisional_points,
        min(ts) AS first_ts,
        max(ts) AS last_ts
    FROM spaced
    GROUP BY number
),

covered AS (
    SELECT
        series.endpoint,
        series.variant,
        series.namespace,
        series.metric,
        series.dim_set,
        series.period_s,
        summed.spacing_s,
        summed.points,
        summed.provisional_points,
        summed.first_ts,
        summed.last_ts,
        elapsed_s(TIMESTAMP '1970-01-01 00:00:00', summed.last_ts) + series.period_s AS last_end_s
    FROM summed
    INNER JOIN series
        ON summed.number = series.number
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
