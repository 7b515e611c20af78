-- name: metrics
-- purpose: stands in for the view of this name while the lake has no file of it.
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
    CAST(NULL AS TIMESTAMP) AS ts,
    CAST(NULL AS INTEGER) AS period_s,
    CAST(NULL AS VARCHAR) AS account,
    CAST(NULL AS VARCHAR) AS region,
    CAST(NULL AS VARCHAR) AS subject,
    CAST(NULL AS VARCHAR) AS namespace,
    CAST(NULL AS VARCHAR) AS metric,
    CAST(NULL AS VARCHAR) AS unit,
    CAST(NULL AS VARCHAR) AS dim_set,
    CAST(NULL AS MAP(VARCHAR,VARCHAR)) AS dims,
    CAST(NULL AS VARCHAR) AS endpoint,
    CAST(NULL AS VARCHAR) AS variant,
    CAST(NULL AS VARCHAR) AS component,
    CAST(NULL AS VARCHAR) AS host,
    CAST(NULL AS VARCHAR) AS instance_id,
    CAST(NULL AS VARCHAR) AS container_id,
    CAST(NULL AS VARCHAR) AS accelerator_id,
    CAST(NULL AS DOUBLE) AS sample_count,
    CAST(NULL AS DOUBLE) AS sum,
    CAST(NULL AS DOUBLE) AS average,
    CAST(NULL AS DOUBLE) AS minimum,
    CAST(NULL AS DOUBLE) AS maximum,
    CAST(NULL AS DOUBLE) AS p50,
    CAST(NULL AS DOUBLE) AS p90,
    CAST(NULL AS DOUBLE) AS p95,
    CAST(NULL AS DOUBLE) AS p99,
    CAST(NULL AS DOUBLE) AS p99_9,
    CAST(NULL AS MAP(VARCHAR,DOUBLE)) AS other,
    CAST(NULL AS TIMESTAMP) AS fetched_at,
    CAST(NULL AS BOOLEAN) AS provisional,
    CAST(NULL AS DATE) AS dt
WHERE false
