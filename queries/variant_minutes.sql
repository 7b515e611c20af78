-- name: variant_minutes
-- purpose: the evidence, bucket by bucket: load, errors, latency, utilization,
--   instances and log lines of each variant side by side. NULL means that
--   nothing was published, never zero. A statistic is read from one dimension set
--   and, within a bucket, from one period: the bucket's own where it exists, else
--   the finest. Points coarser than the bucket are left out.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $dim_set VARCHAR = '': dimension set to look at, such as EndpointName,VariantName; '' takes every set
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
--   utilization_samples DOUBLE samples: samples of CPUUtilization in the bucket, over instances and cycles
--   concurrency_max DOUBLE requests: largest ConcurrentRequestsPerModel
--   log_lines BIGINT lines: log events; NULL when the lake has none of this endpoint in the window
--   log_warnings BIGINT lines: log events at WARN
--   log_errors BIGINT lines: log events at ERROR or FATAL
--   provisional BOOLEAN -: some point was younger than its settle time when it was fetched
-- grain: one row per endpoint, variant and bucket in which anything was published or logged

WITH published AS (
    -- Every metric under every dimension set.
    SELECT
        endpoint,
        variant,
        account,
        region,
        namespace,
        metric,
        dim_set,
        count(*) AS points
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
        AND period_s <= $bucket_s
    GROUP BY endpoint, variant, account, region, namespace, metric, dim_set
),

kinds AS (
    -- Those that count. An account or region that a source did not tell is '', so
    -- that it joins. Both cost much less for the groups than for every point.
    SELECT
        endpoint,
        variant,
        COALESCE(account, '') AS account,
        COALESCE(region, '') AS region,
        metric,
        dim_set,
        sum(points) AS points
    FROM published
    WHERE namespace IN ('AWS/SageMaker', '/aws/sagemaker/Endpoints')
        AND metric IN (
            'Invocations', 'InvocationsPerInstance',
            'Invocation4XXErrors', 'Invocation5XXErrors', 'InvocationModelErrors',
            'ModelLatency', 'OverheadLatency', 'ConcurrentRequestsPerModel',
            'CPUUtilization', 'GPUUtilization', 'GPUMemoryUtilization',
            'MemoryUtilization', 'DiskUtilization'
        )
    GROUP BY endpoint, variant, COALESCE(account, ''), COALESCE(region, ''), metric, dim_set
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
    FROM kinds
    GROUP BY endpoint, variant, account, region
),

sets AS (
    -- The plain set of the variant, else the one with the fewest dimensions.
    -- Only sets whose slices are whole instances: a slice by accelerator or
    -- container is not an instance's value.
    SELECT
        kinds.endpoint,
        kinds.variant,
        kinds.account,
        kinds.region,
        kinds.metric,
        kinds.dim_set,
        row_number() OVER (
            PARTITION BY kinds.endpoint, kinds.variant, kinds.metric
            ORDER BY
                length(kinds.dim_set) - length(replace(kinds.dim_set, ',', '')),
                kinds.dim_set
        ) AS choice
    FROM kinds
    INNER JOIN homes
        ON kinds.endpoint = homes.endpoint
        AND kinds.variant = homes.variant
        AND kinds.account = homes.account
        AND kinds.region = homes.region
        AND homes.choice = 1
    WHERE matches(
        kinds.dim_set,
        '^((AvailabilityZone|EndpointName|InstanceId|InstanceType|Region|VariantName)(,|$))+$'
    )
),

picked AS (
    -- The points of the chosen sets. A point without a sample count weighs 1.
    SELECT
        points.endpoint,
        points.variant,
        bucket($bucket_s, points.ts) AS bucket_start,
        points.period_s,
        points.metric,
        points.ts,
        COALESCE(points.sum, points.average * points.sample_count) AS added,
        points.sample_count AS samples,
        COALESCE(points.sum, points.average * points.sample_count, points.average) AS weighted,
        CASE WHEN points.sum IS NULL THEN COALESCE(points.sample_count, 1) ELSE points.sample_count END AS weight,
        points.maximum,
        points.p50,
        points.p90,
        points.p95,
        points.p99,
        points.unit,
        points.provisional
    FROM (
        SELECT
            endpoint,
            variant,
            COALESCE(account, '') AS account,
            COALESCE(region, '') AS region,
            metric,
            dim_set,
            period_s,
            ts,
            unit,
            sum,
            average,
            sample_count,
            maximum,
            p50,
            p90,
            p95,
            p99,
            provisional
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
            AND period_s <= $bucket_s
            -- Said again in the join below; here the file reader can skip by it.
            AND dim_set IN (SELECT dim_set FROM sets WHERE choice = 1)
    ) AS points
    INNER JOIN sets
        ON points.endpoint = sets.endpoint
        AND points.variant = sets.variant
        AND points.account = sets.account
        AND points.region = sets.region
        AND points.metric = sets.metric
        AND points.dim_set = sets.dim_set
        AND sets.choice = 1
),

per_period AS (
    -- One row per bucket and period; slices of one set add up here.
    SELECT
        endpoint,
        variant,
        bucket_start,
        period_s,
        -- The bucket's own period comes first, then the finest.
        CASE WHEN period_s = $bucket_s THEN 0 ELSE period_s END AS preference,
        total(CASE WHEN metric = 'Invocations' THEN added END) AS invocations,
        total(CASE WHEN metric = 'InvocationsPerInstance' THEN added END) AS invocations_per_instance,
        total(CASE WHEN metric = 'Invocation4XXErrors' THEN added END) AS errors_4xx,
        total(CASE WHEN metric = 'Invocation5XXErrors' THEN added END) AS errors_5xx,
        total(CASE WHEN metric = 'InvocationModelErrors' THEN added END) AS model_errors,
        total(CASE WHEN metric = 'ModelLatency' THEN weighted END) AS model_weighted,
        total(CASE WHEN metric = 'ModelLatency' THEN weight END) AS model_weight,
        max(maximum) FILTER (WHERE metric = 'ModelLatency') AS model_max,
        max(unit) FILTER (WHERE metric = 'ModelLatency') AS model_unit,
        total(CASE WHEN metric = 'OverheadLatency' THEN weighted END) AS overhead_weighted,
        total(CASE WHEN metric = 'OverheadLatency' THEN weight END) AS overhead_weight,
        max(maximum) FILTER (WHERE metric = 'OverheadLatency') AS overhead_max,
        max(unit) FILTER (WHERE metric = 'OverheadLatency') AS overhead_unit,
        total(CASE WHEN metric = 'CPUUtilization' THEN weighted END) AS cpu_weighted,
        total(CASE WHEN metric = 'CPUUtilization' THEN weight END) AS cpu_weight,
        max(maximum) FILTER (WHERE metric = 'CPUUtilization') AS cpu_max,
        total(CASE WHEN metric = 'GPUUtilization' THEN weighted END) AS gpu_weighted,
        total(CASE WHEN metric = 'GPUUtilization' THEN weight END) AS gpu_weight,
        max(maximum) FILTER (WHERE metric = 'GPUUtilization') AS gpu_max,
        total(CASE WHEN metric = 'GPUMemoryUtilization' THEN weighted END) AS gpu_memory_weighted,
        total(CASE WHEN metric = 'GPUMemoryUtilization' THEN weight END) AS gpu_memory_weight,
        max(maximum) FILTER (WHERE metric = 'GPUMemoryUtilization') AS gpu_memory_max,
        total(CASE WHEN metric = 'MemoryUtilization' THEN weighted END) AS memory_weighted,
        total(CASE WHEN metric = 'MemoryUtilization' THEN weight END) AS memory_weight,
        max(maximum) FILTER (WHERE metric = 'MemoryUtilization') AS memory_max,
        total(CASE WHEN metric = 'DiskUtilization' THEN weighted END) AS disk_weighted,
        total(CASE WHEN metric = 'DiskUtilization' THEN weight END) AS disk_weight,
        max(maximum) FILTER (WHERE metric = 'DiskUtilization') AS disk_max,
        total(CASE WHEN metric = 'ModelLatency' THEN samples END) AS model_count,
        count(*) FILTER (WHERE metric = 'ModelLatency') AS model_points,
        max(p50) FILTER (WHERE metric = 'ModelLatency') AS p50,
        max(p90) FILTER (WHERE metric = 'ModelLatency') AS p90,
        max(p95) FILTER (WHERE metric = 'ModelLatency') AS p95,
        max(p99) FILTER (WHERE metric = 'ModelLatency') AS p99,
        max(maximum) FILTER (WHERE metric = 'ConcurrentRequestsPerModel') AS concurrency_max,
        total(CASE WHEN metric = 'CPUUtilization' THEN samples END) AS cpu_samples,
        elapsed_s(
            min(ts) FILTER (WHERE metric = 'CPUUtilization'),
            max(ts) FILTER (WHERE metric = 'CPUUtilization')
        ) / period_s + 1 AS cpu_cycles,
        max(CASE WHEN provisional THEN 1 ELSE 0 END) AS provisional
    FROM picked
    GROUP BY endpoint, variant, bucket_start, period_s
),

wide AS (
    -- One period for each metric and bucket, never two added together.
    -- Percentiles do not aggregate: only a single point of the bucket's own
    -- period has them.
    SELECT
        endpoint,
        variant,
        bucket_start,
        preferred(invocations, preference) AS invocations,
        preferred(invocations_per_instance, preference) AS invocations_per_instance,
        preferred(errors_4xx, preference) AS errors_4xx,
        preferred(errors_5xx, preference) AS errors_5xx,
        preferred(model_errors, preference) AS model_errors,
        preferred(seconds(model_weighted / NULLIF(model_weight, 0), model_unit), preference) AS model_mean_s,
        max(CASE WHEN preference = 0 AND model_points = 1 THEN seconds(p50, model_unit) END) AS model_p50_s,
        max(CASE WHEN preference = 0 AND model_points = 1 THEN seconds(p90, model_unit) END) AS model_p90_s,
        max(CASE WHEN preference = 0 AND model_points = 1 THEN seconds(p95, model_unit) END) AS model_p95_s,
        max(CASE WHEN preference = 0 AND model_points = 1 THEN seconds(p99, model_unit) END) AS model_p99_s,
        preferred(seconds(model_max, model_unit), preference) AS model_max_s,
        preferred(model_count, preference) AS model_count,
        preferred(seconds(overhead_weighted / NULLIF(overhead_weight, 0), overhead_unit), preference) AS overhead_mean_s,
        preferred(seconds(overhead_max, overhead_unit), preference) AS overhead_max_s,
        preferred(cpu_weighted / NULLIF(cpu_weight, 0) / 100.0, preference) AS cpu_busy,
        preferred(cpu_max / 100.0, preference) AS cpu_busy_max,
        preferred(gpu_weighted / NULLIF(gpu_weight, 0) / 100.0, preference) AS gpu_busy,
        preferred(gpu_max / 100.0, preference) AS gpu_busy_max,
        preferred(gpu_memory_weighted / NULLIF(gpu_memory_weight, 0) / 100.0, preference) AS gpu_memory_busy,
        preferred(gpu_memory_max / 100.0, preference) AS gpu_memory_busy_max,
        preferred(memory_weighted / NULLIF(memory_weight, 0) / 100.0, preference) AS memory_ratio,
        preferred(memory_max / 100.0, preference) AS memory_ratio_max,
        preferred(disk_weighted / NULLIF(disk_weight, 0) / 100.0, preference) AS disk_ratio,
        preferred(disk_max / 100.0, preference) AS disk_ratio_max,
        preferred(concurrency_max, preference) AS concurrency_max,
        preferred(cpu_samples, preference) AS cpu_samples,
        preferred(cpu_cycles, preference) AS cpu_cycles,
        max(provisional) AS provisional
    FROM per_period
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
    wide.cpu_samples AS utilization_samples,
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
