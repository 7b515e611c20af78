-- name: variant_minutes
-- purpose: the evidence, bucket by bucket: load, errors, latency, utilization,
--   instances and log lines of each variant side by side. NULL means that
--   nothing was published, never zero. A metric is read from one dimension set
--   and, within a bucket, from one period: the bucket's own where it exists, else
--   the finest. Points coarser than the bucket are left out.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $bucket_s BIGINT = 60: width of a bucket, seconds
-- columns:
--   endpoint VARCHAR -: endpoint name
--   variant VARCHAR -: production variant
--   bucket_start TIMESTAMP UTC: start of the bucket
--   invocations DOUBLE requests: requests that reached the variant
--   invocations_per_instance DOUBLE requests: Sum of InvocationsPerInstance
--   errors_4xx DOUBLE requests: answers with a 4xx status
--   errors_5xx DOUBLE requests: answers with a 5xx status
--   model_errors DOUBLE requests: requests that the model did not answer with 2xx
--   model_mean_s DOUBLE s: mean ModelLatency, Sum over SampleCount
--   model_p50_s DOUBLE s: p50 of ModelLatency, only as published for this very bucket
--   model_p90_s DOUBLE s: p90 likewise
--   model_p95_s DOUBLE s: p95 likewise
--   model_p99_s DOUBLE s: p99 likewise
--   model_max_s DOUBLE s: slowest request
--   model_count DOUBLE requests: samples behind the latency
--   overhead_mean_s DOUBLE s: mean OverheadLatency
--   overhead_max_s DOUBLE s: largest OverheadLatency
--   cpu_busy DOUBLE cores: busy cores of one instance, mean over instances
--   cpu_busy_max DOUBLE cores: busy cores, the busiest instance and moment
--   gpu_busy DOUBLE GPUs: busy GPUs of one instance, mean over instances
--   gpu_busy_max DOUBLE GPUs: busy GPUs, the busiest instance and moment
--   gpu_memory_busy DOUBLE GPUs: GPU memory in use, in GPUs' worth, mean over instances
--   gpu_memory_busy_max DOUBLE GPUs: GPU memory, the fullest instance and moment
--   memory_ratio DOUBLE ratio: memory in use, 0 to 1, mean over instances
--   memory_ratio_max DOUBLE ratio: memory, the fullest instance and moment
--   disk_ratio DOUBLE ratio: disk in use, 0 to 1, mean over instances
--   disk_ratio_max DOUBLE ratio: disk, the fullest instance and moment
--   live_instances DOUBLE instances: Sum of Invocations over Sum of InvocationsPerInstance
--   reporting_instances DOUBLE instances: samples of CPUUtilization over publish cycles in the bucket
--   concurrency_max DOUBLE requests: largest ConcurrentRequestsPerModel
--   log_lines BIGINT lines: log events; NULL when the lake has none of this endpoint in the window
--   log_warnings BIGINT lines: log events at WARN
--   log_errors BIGINT lines: log events at ERROR or FATAL
--   provisional BOOLEAN -: some point was younger than its settle time when it was fetched
-- grain: one row per endpoint, variant and bucket in which anything was published or logged

WITH cells AS (
    -- One row per series set, period and bucket. Slices of one set add up here.
    SELECT
        endpoint,
        variant,
        COALESCE(account, '') AS account,
        COALESCE(region, '') AS region,
        metric,
        dim_set,
        period_s,
        bucket($bucket_s, ts) AS bucket_start,
        count(*) AS points,
        elapsed_s(min(ts), max(ts)) / period_s + 1 AS cycles,
        max(unit) AS unit,
        total(COALESCE(sum, average * sample_count)) AS sum_value,
        total(sample_count) AS samples,
        count(COALESCE(sum, average * sample_count)) AS sums,
        count(sample_count) AS counts,
        avg(COALESCE(average, sum / NULLIF(sample_count, 0))) AS plain_mean,
        max(maximum) AS max_value,
        max(p50) AS p50,
        max(p90) AS p90,
        max(p95) AS p95,
        max(p99) AS p99,
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
        AND period_s <= $bucket_s
        AND namespace IN ('AWS/SageMaker', '/aws/sagemaker/Endpoints')
        AND metric IN (
            'Invocations', 'InvocationsPerInstance',
            'Invocation4XXErrors', 'Invocation5XXErrors', 'InvocationModelErrors',
            'ModelLatency', 'OverheadLatency', 'ConcurrentRequestsPerModel',
            'CPUUtilization', 'GPUUtilization', 'GPUMemoryUtilization',
            'MemoryUtilization', 'DiskUtilization'
        )
        -- Only sets whose slices are whole instances: a slice by accelerator or
        -- container is not an instance's value.
        AND matches(dim_set, '^((AvailabilityZone|EndpointName|InstanceId|InstanceType|Region|VariantName)(,|$))+$')
    GROUP BY
        endpoint, variant, COALESCE(account, ''), COALESCE(region, ''),
        metric, dim_set, period_s, bucket($bucket_s, ts)
),

homes AS (
    -- The same endpoint name in two accounts or regions is two endpoints: the
    -- one with the most points is meant.
    SELECT
        endpoint,
        variant,
        account,
        region,
        row_number() OVER (
            PARTITION BY endpoint, variant
            ORDER BY sum(points) DESC, account, region
        ) AS choice
    FROM cells
    GROUP BY endpoint, variant, account, region
),

sets AS (
    -- The plain set of the variant, else the one with the fewest dimensions.
    SELECT
        cells.endpoint,
        cells.variant,
        cells.account,
        cells.region,
        cells.metric,
        cells.dim_set,
        row_number() OVER (
            PARTITION BY cells.endpoint, cells.variant, cells.metric
            ORDER BY
                length(cells.dim_set) - length(replace(cells.dim_set, ',', '')),
                cells.dim_set
        ) AS choice
    FROM cells
    INNER JOIN homes
        ON cells.endpoint = homes.endpoint
        AND cells.variant = homes.variant
        AND cells.account = homes.account
        AND cells.region = homes.region
        AND homes.choice = 1
    GROUP BY
        cells.endpoint, cells.variant, cells.account, cells.region,
        cells.metric, cells.dim_set
),

candidates AS (
    SELECT
        cells.endpoint,
        cells.variant,
        cells.bucket_start,
        cells.metric,
        cells.period_s,
        cells.points,
        cells.cycles,
        cells.unit,
        cells.sum_value,
        cells.samples,
        CASE
            WHEN cells.points > 1 AND cells.sums = cells.points AND cells.counts = cells.points
                THEN cells.sum_value / NULLIF(cells.samples, 0)
            ELSE cells.plain_mean
        END AS mean_value,
        cells.max_value,
        cells.p50,
        cells.p90,
        cells.p95,
        cells.p99,
        cells.provisional,
        min(CASE WHEN cells.period_s = $bucket_s THEN 0 ELSE cells.period_s END) OVER (
            PARTITION BY cells.endpoint, cells.variant, cells.metric, cells.bucket_start
        ) AS best_period
    FROM cells
    INNER JOIN sets
        ON cells.endpoint = sets.endpoint
        AND cells.variant = sets.variant
        AND cells.account = sets.account
        AND cells.region = sets.region
        AND cells.metric = sets.metric
        AND cells.dim_set = sets.dim_set
        AND sets.choice = 1
),

chosen AS (
    SELECT
        endpoint,
        variant,
        bucket_start,
        metric,
        cycles,
        unit,
        sum_value,
        samples,
        mean_value,
        max_value,
        provisional,
        -- Percentiles do not aggregate: only a single point of the bucket's own
        -- period has them.
        CASE WHEN points = 1 AND period_s = $bucket_s THEN p50 END AS p50,
        CASE WHEN points = 1 AND period_s = $bucket_s THEN p90 END AS p90,
        CASE WHEN points = 1 AND period_s = $bucket_s THEN p95 END AS p95,
        CASE WHEN points = 1 AND period_s = $bucket_s THEN p99 END AS p99
    FROM candidates
    WHERE best_period = CASE WHEN period_s = $bucket_s THEN 0 ELSE period_s END
),

wide AS (
    SELECT
        endpoint,
        variant,
        bucket_start,
        max(CASE WHEN metric = 'Invocations' THEN sum_value END) AS invocations,
        max(CASE WHEN metric = 'InvocationsPerInstance' THEN sum_value END) AS invocations_per_instance,
        max(CASE WHEN metric = 'Invocation4XXErrors' THEN sum_value END) AS errors_4xx,
        max(CASE WHEN metric = 'Invocation5XXErrors' THEN sum_value END) AS errors_5xx,
        max(CASE WHEN metric = 'InvocationModelErrors' THEN sum_value END) AS model_errors,
        max(CASE WHEN metric = 'ModelLatency' THEN seconds(mean_value, unit) END) AS model_mean_s,
        max(CASE WHEN metric = 'ModelLatency' THEN seconds(p50, unit) END) AS model_p50_s,
        max(CASE WHEN metric = 'ModelLatency' THEN seconds(p90, unit) END) AS model_p90_s,
        max(CASE WHEN metric = 'ModelLatency' THEN seconds(p95, unit) END) AS model_p95_s,
        max(CASE WHEN metric = 'ModelLatency' THEN seconds(p99, unit) END) AS model_p99_s,
        max(CASE WHEN metric = 'ModelLatency' THEN seconds(max_value, unit) END) AS model_max_s,
        max(CASE WHEN metric = 'ModelLatency' THEN samples END) AS model_count,
        max(CASE WHEN metric = 'OverheadLatency' THEN seconds(mean_value, unit) END) AS overhead_mean_s,
        max(CASE WHEN metric = 'OverheadLatency' THEN seconds(max_value, unit) END) AS overhead_max_s,
        max(CASE WHEN metric = 'CPUUtilization' THEN mean_value / 100.0 END) AS cpu_busy,
        max(CASE WHEN metric = 'CPUUtilization' THEN max_value / 100.0 END) AS cpu_busy_max,
        max(CASE WHEN metric = 'GPUUtilization' THEN mean_value / 100.0 END) AS gpu_busy,
        max(CASE WHEN metric = 'GPUUtilization' THEN max_value / 100.0 END) AS gpu_busy_max,
        max(CASE WHEN metric = 'GPUMemoryUtilization' THEN mean_value / 100.0 END) AS gpu_memory_busy,
        max(CASE WHEN metric = 'GPUMemoryUtilization' THEN max_value / 100.0 END) AS gpu_memory_busy_max,
        max(CASE WHEN metric = 'MemoryUtilization' THEN mean_value / 100.0 END) AS memory_ratio,
        max(CASE WHEN metric = 'MemoryUtilization' THEN max_value / 100.0 END) AS memory_ratio_max,
        max(CASE WHEN metric = 'DiskUtilization' THEN mean_value / 100.0 END) AS disk_ratio,
        max(CASE WHEN metric = 'DiskUtilization' THEN max_value / 100.0 END) AS disk_ratio_max,
        max(CASE WHEN metric = 'ConcurrentRequestsPerModel' THEN max_value END) AS concurrency_max,
        max(CASE WHEN metric = 'CPUUtilization' THEN samples END) AS cpu_samples,
        max(CASE WHEN metric = 'CPUUtilization' THEN cycles END) AS cpu_cycles,
        max(provisional) AS provisional
    FROM chosen
    GROUP BY endpoint, variant, bucket_start
),

cadence AS (
    -- How often an instance published utilization within a bucket: samples over
    -- live instances, where the load tells how many live; else the points seen.
    SELECT
        endpoint,
        variant,
        quantile(cpu_samples / NULLIF(invocations / NULLIF(invocations_per_instance, 0), 0), 0.5) AS seen_cycles,
        quantile(cpu_cycles, 0.5) AS point_cycles
    FROM wide
    WHERE cpu_samples IS NOT NULL
    GROUP BY endpoint, variant
),

publishing AS (
    -- The publish frequency that SageMaker offers and that fits best.
    SELECT
        cadence.endpoint,
        cadence.variant,
        $bucket_s / CAST(offered.publish_s AS DOUBLE) AS cycles,
        row_number() OVER (
            PARTITION BY cadence.endpoint, cadence.variant
            ORDER BY
                abs(ln(COALESCE(cadence.seen_cycles, cadence.point_cycles) * offered.publish_s / $bucket_s)),
                offered.publish_s
        ) AS choice
    FROM cadence
    CROSS JOIN (VALUES (10), (30), (60), (120), (180), (240), (300)) AS offered (publish_s)
    WHERE COALESCE(cadence.seen_cycles, cadence.point_cycles) > 0
        AND offered.publish_s <= $bucket_s
),

lines AS (
    SELECT
        endpoint,
        COALESCE(variant, '') AS variant,
        bucket($bucket_s, ts) AS bucket_start,
        count(*) AS log_lines,
        count_true(level = 'WARN') AS log_warnings,
        count_true(level IN ('ERROR', 'FATAL')) AS log_errors
    FROM logs
    WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
        AND endpoint IS NOT NULL
        AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND ts >= CAST($start AS TIMESTAMP)
        AND ts < CAST($end AS TIMESTAMP)
    GROUP BY endpoint, COALESCE(variant, ''), bucket($bucket_s, ts)
),

logged AS (
    SELECT endpoint, count(*) AS buckets
    FROM lines
    GROUP BY endpoint
),

keys AS (
    SELECT endpoint, variant, bucket_start
    FROM wide
    UNION
    SELECT endpoint, variant, bucket_start
    FROM lines
    WHERE variant <> '' AND ($variant = '' OR variant = $variant)
)

SELECT
    keys.endpoint,
    keys.variant,
    keys.bucket_start,
    wide.invocations,
    wide.invocations_per_instance,
    wide.errors_4xx,
    wide.errors_5xx,
    wide.model_errors,
    wide.model_mean_s,
    wide.model_p50_s,
    wide.model_p90_s,
    wide.model_p95_s,
    wide.model_p99_s,
    wide.model_max_s,
    wide.model_count,
    wide.overhead_mean_s,
    wide.overhead_max_s,
    wide.cpu_busy,
    wide.cpu_busy_max,
    wide.gpu_busy,
    wide.gpu_busy_max,
    wide.gpu_memory_busy,
    wide.gpu_memory_busy_max,
    wide.memory_ratio,
    wide.memory_ratio_max,
    wide.disk_ratio,
    wide.disk_ratio_max,
    wide.invocations / NULLIF(wide.invocations_per_instance, 0) AS live_instances,
    wide.cpu_samples / publishing.cycles AS reporting_instances,
    wide.concurrency_max,
    -- Lines of a stream that names no variant count for every variant.
    CASE
        WHEN logged.buckets IS NOT NULL
            THEN COALESCE(named.log_lines, 0) + COALESCE(unnamed.log_lines, 0)
    END AS log_lines,
    CASE
        WHEN logged.buckets IS NOT NULL
            THEN COALESCE(named.log_warnings, 0) + COALESCE(unnamed.log_warnings, 0)
    END AS log_warnings,
    CASE
        WHEN logged.buckets IS NOT NULL
            THEN COALESCE(named.log_errors, 0) + COALESCE(unnamed.log_errors, 0)
    END AS log_errors,
    COALESCE(wide.provisional, 0) = 1 AS provisional
FROM keys
LEFT JOIN wide
    ON keys.endpoint = wide.endpoint
    AND keys.variant = wide.variant
    AND keys.bucket_start = wide.bucket_start
LEFT JOIN publishing
    ON keys.endpoint = publishing.endpoint
    AND keys.variant = publishing.variant
    AND publishing.choice = 1
LEFT JOIN lines AS named
    ON keys.endpoint = named.endpoint
    AND keys.variant = named.variant
    AND keys.bucket_start = named.bucket_start
LEFT JOIN lines AS unnamed
    ON keys.endpoint = unnamed.endpoint
    AND unnamed.variant = ''
    AND keys.bucket_start = unnamed.bucket_start
LEFT JOIN logged
    ON keys.endpoint = logged.endpoint
ORDER BY keys.endpoint, keys.variant, keys.bucket_start
