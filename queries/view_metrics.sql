-- name: metrics
-- purpose: every point of the lake as CloudWatch returned it, one row per series, period and
--   timestamp with its statistics side by side. The same data is published under
--   several dimension sets: name the dim_set you want, never add across sets.
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
--   dims MAP(VARCHAR,VARCHAR) -: dimensions by name
--   endpoint VARCHAR -: dimension EndpointName
--   variant VARCHAR -: dimension VariantName
--   component VARCHAR -: dimension InferenceComponentName
--   host VARCHAR -: dimension Host
--   instance_id VARCHAR -: dimension InstanceId
--   container_id VARCHAR -: dimension ContainerId
--   accelerator_id VARCHAR -: dimension AcceleratorId or GpuId
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
--   other MAP(VARCHAR,DOUBLE) unit: statistics without a column, by name
--   fetched_at TIMESTAMP UTC: when the point was fetched
--   provisional BOOLEAN -: younger than its settle time when fetched
--   dt DATE UTC: day of ts: the partition
-- grain: one row per series, period and timestamp

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
    dims,
    endpoint,
    variant,
    component,
    host,
    instance_id,
    container_id,
    accelerator_id,
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
    other,
    fetched_at,
    provisional,
    dt
FROM read_parquet(
    getvariable('lake') || '/metrics/dt=*/*.parquet',
    hive_partitioning => true,
    hive_types => {'dt': DATE}
)
WHERE (getvariable('region') = '' OR region IS NULL OR region = getvariable('region'))
    AND (getvariable('account') = '' OR account IS NULL OR account = getvariable('account'))
