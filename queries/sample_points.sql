-- name: sample_points
-- purpose: a sample of settled points that CloudWatch still holds at their period, for asking
--   it again. The same seed takes the same points.
-- params:
--   $now TIMESTAMP = 1970-01-01T00:00:00Z: the time by which CloudWatch's retention is judged; by default all is kept
--   $region VARCHAR = '': region of the points; '' takes every region
--   $account VARCHAR = '': account of the points; '' takes every account
--   $seed VARCHAR = '1': another seed takes other points
--   $size BIGINT = 20: how many points at most
-- columns:
--   namespace VARCHAR -: CloudWatch namespace
--   metric VARCHAR -: metric name
--   dims MAP(VARCHAR,VARCHAR) -: dimensions by name
--   period_s INTEGER s: length of the period
--   ts TIMESTAMP UTC: start of the period
--   sample_count DOUBLE samples: SampleCount
--   sum DOUBLE unit: Sum
--   average DOUBLE unit: Average
--   minimum DOUBLE unit: Minimum
--   maximum DOUBLE unit: Maximum
--   p50 DOUBLE unit: 50th percentile
--   p90 DOUBLE unit: 90th percentile
--   p95 DOUBLE unit: 95th percentile
--   p99 DOUBLE unit: 99th percentile
--   p99_9 DOUBLE unit: 99.9th percentile
-- grain: one row per series, period and timestamp

WITH kept AS (
    SELECT
        namespace,
        metric,
        dims,
        period_s,
        ts,
        sample_count,
        sum,
        average,
        minimum,
        maximum,
        p50,
        p90,
        p95,
        p99,
        p99_9,
        row_number() OVER (
            ORDER BY
                shuffled(
                    $seed || namespace || metric || CAST(dims AS VARCHAR)
                    || CAST(period_s AS VARCHAR) || CAST(ts AS VARCHAR)
                ),
                namespace,
                metric,
                CAST(dims AS VARCHAR),
                period_s,
                ts
        ) AS place
    FROM metrics
    WHERE NOT provisional
        AND ($region = '' OR region = $region)
        AND ($account = '' OR account = $account)
        AND elapsed_s(ts, CAST($now AS TIMESTAMP)) < CASE
            WHEN period_s % 3600 = 0 THEN 455 * 86400
            WHEN period_s % 300 = 0 THEN 63 * 86400
            WHEN period_s % 60 = 0 THEN 15 * 86400
            ELSE 3 * 3600
        END
)

SELECT
    namespace,
    metric,
    dims,
    period_s,
    ts,
    sample_count,
    sum,
    average,
    minimum,
    maximum,
    p50,
    p90,
    p95,
    p99,
    p99_9
FROM kept
WHERE place <= CAST($size AS BIGINT)
ORDER BY place
