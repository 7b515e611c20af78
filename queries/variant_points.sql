-- name: variant_points
-- purpose: the points of a variant as a whole: without those of single instances,
--   containers and GPUs, which a large fleet has many times as many of. An analysis reads
--   them once and asks its other questions of them.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   ts TIMESTAMP UTC: start of the period
--   period_s INTEGER s: length of the period
--   account VARCHAR -: AWS account, NULL unknown
--   region VARCHAR -: AWS region, NULL unknown
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   namespace VARCHAR -: CloudWatch namespace
--   metric VARCHAR -: metric name
--   unit VARCHAR -: unit as published, for example Microseconds
--   dim_set VARCHAR -: sorted dimension names, joined by commas
--   endpoint VARCHAR -: dimension EndpointName
--   variant VARCHAR -: dimension VariantName
--   sample_count DOUBLE samples: SampleCount
--   sum DOUBLE unit: Sum
--   average DOUBLE unit: Average
--   maximum DOUBLE unit: Maximum
--   p50 DOUBLE unit: 50th percentile
--   p90 DOUBLE unit: 90th percentile
--   p95 DOUBLE unit: 95th percentile
--   p99 DOUBLE unit: 99th percentile
--   provisional BOOLEAN -: younger than its settle time when fetched
--   dt DATE UTC: day of ts: the partition
-- grain: one row per series of a whole variant, period and timestamp

SELECT
    ts,
    period_s,
    account,
    region,
    subject,
    namespace,
    metric,
    unit,
    dim_set,
    endpoint,
    variant,
    sample_count,
    sum,
    average,
    maximum,
    p50,
    p90,
    p95,
    p99,
    provisional,
    dt
FROM metrics
WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
    AND ($endpoint = '' OR endpoint = $endpoint)
    AND ($variant = '' OR variant = $variant)
    AND endpoint IS NOT NULL
    AND variant IS NOT NULL
    AND instance_id IS NULL
    AND container_id IS NULL
    AND accelerator_id IS NULL
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
ORDER BY ts, endpoint, variant, namespace, metric, dim_set, period_s, account, region
