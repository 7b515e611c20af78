-- name: hourly_levels
-- purpose: one line an hour for every endpoint variant of the lake, for comparing nights: load,
--   latency, errors and utilization. Percentiles are the median over the hour's points of each
--   point's own; of several periods the finest is taken, from a minute up.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   account VARCHAR -: AWS account, '' unknown
--   region VARCHAR -: AWS region, '' unknown
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: production variant
--   hour TIMESTAMP UTC: start of the hour
--   minutes DOUBLE min: time for which any of these metrics has points
--   load_minutes DOUBLE min: time for which Invocations has points
--   utilization_minutes DOUBLE min: time for which a utilization has points, 0 without any
--   invocations DOUBLE requests: requests that reached the variant
--   errors_4xx DOUBLE requests: answers with a 4xx status
--   errors_5xx DOUBLE requests: answers with a 5xx status
--   model_p50_s DOUBLE s: ModelLatency, median of the points' p50
--   model_p99_s DOUBLE s: ModelLatency, median of the points' p99
--   cpu_busy DOUBLE cores: CPUUtilization of one instance, mean
--   gpu_busy DOUBLE GPUs: GPUUtilization of one instance, mean
--   gpu_memory_busy DOUBLE GPUs: GPUMemoryUtilization of one instance, mean
--   memory_ratio DOUBLE ratio: MemoryUtilization, mean
--   disk_ratio DOUBLE ratio: DiskUtilization, mean
--   live_instances DOUBLE instances: Invocations over InvocationsPerInstance
--   provisional BOOLEAN -: some point may still change
-- grain: one row per account, region, endpoint, variant and hour with any point

WITH points AS (
    SELECT
        COALESCE(account, '') AS account,
        COALESCE(region, '') AS region,
        endpoint,
        variant,
        bucket(3600, ts) AS hour,
        metric,
        period_s,
        seconds(p50, unit) AS p50_s,
        seconds(p99, unit) AS p99_s,
        COALESCE(sum, average * sample_count) AS added,
        COALESCE(average, sum / NULLIF(sample_count, 0)) * COALESCE(sample_count, 1) AS weighted,
        CASE
            WHEN COALESCE(average, sum / NULLIF(sample_count, 0)) IS NOT NULL THEN COALESCE(sample_count, 1)
        END AS weight,
        CASE WHEN provisional THEN 1 ELSE 0 END AS provisional
    FROM metrics
    WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
        AND ($endpoint = '' OR endpoint = $endpoint)
        AND ($variant = '' OR variant = $variant)
        AND endpoint IS NOT NULL
        AND variant IS NOT NULL
        AND dim_set = 'EndpointName,VariantName'
        AND period_s BETWEEN 60 AND 3600
        AND metric IN (
            'Invocations', 'InvocationsPerInstance', 'Invocation4XXErrors', 'Invocation5XXErrors', 'ModelLatency',
            'CPUUtilization', 'GPUUtilization', 'GPUMemoryUtilization', 'MemoryUtilization', 'DiskUtilization'
        )
        AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND ts >= CAST($start AS TIMESTAMP)
        AND ts < CAST($end AS TIMESTAMP)
),

per_period AS (
    SELECT
        account,
        region,
        endpoint,
        variant,
        hour,
        metric,
        period_s,
        count(*) * period_s / 60.0 AS minutes,
        total(added) AS added,
        total(weighted) / NULLIF(total(weight), 0) AS mean,
        quantile(p50_s, 0.5) AS p50_s,
        quantile(p99_s, 0.5) AS p99_s,
        max(provisional) AS provisional,
        row_number() OVER (
            PARTITION BY account, region, endpoint, variant, hour, metric
            ORDER BY period_s
        ) AS choice
    FROM points
    GROUP BY account, region, endpoint, variant, hour, metric, period_s
)

SELECT
    account,
    region,
    endpoint,
    variant,
    hour,
    max(minutes) AS minutes,
    COALESCE(max(CASE WHEN metric = 'Invocations' THEN minutes END), 0) AS load_minutes,
    COALESCE(max(CASE WHEN metric LIKE '%Utilization' THEN minutes END), 0) AS utilization_minutes,
    max(CASE WHEN metric = 'Invocations' THEN added END) AS invocations,
    max(CASE WHEN metric = 'Invocation4XXErrors' THEN added END) AS errors_4xx,
    max(CASE WHEN metric = 'Invocation5XXErrors' THEN added END) AS errors_5xx,
    max(CASE WHEN metric = 'ModelLatency' THEN p50_s END) AS model_p50_s,
    max(CASE WHEN metric = 'ModelLatency' THEN p99_s END) AS model_p99_s,
    max(CASE WHEN metric = 'CPUUtilization' THEN mean END) / 100.0 AS cpu_busy,
    max(CASE WHEN metric = 'GPUUtilization' THEN mean END) / 100.0 AS gpu_busy,
    max(CASE WHEN metric = 'GPUMemoryUtilization' THEN mean END) / 100.0 AS gpu_memory_busy,
    max(CASE WHEN metric = 'MemoryUtilization' THEN mean END) / 100.0 AS memory_ratio,
    max(CASE WHEN metric = 'DiskUtilization' THEN mean END) / 100.0 AS disk_ratio,
    max(CASE WHEN metric = 'Invocations' THEN added END)
    / NULLIF(max(CASE WHEN metric = 'InvocationsPerInstance' THEN added END), 0) AS live_instances,
    max(provisional) = 1 AS provisional
FROM per_period
WHERE choice = 1
GROUP BY account, region, endpoint, variant, hour
ORDER BY endpoint, variant, account, region, hour
