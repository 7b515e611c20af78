-- name: hourly_series
-- purpose: one line an hour for every series of what is no endpoint with instances, for comparing
--   nights: components, feature groups, monitors, anything of CloudWatch, and of endpoints what
--   asynchronous, serverless and multi-model ones publish. Of several periods the finest is taken,
--   from a minute up.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   account VARCHAR -: AWS account, '' unknown
--   region VARCHAR -: AWS region, '' unknown
--   subject VARCHAR -: kind/name
--   variant VARCHAR -: dimension VariantName, '' without
--   namespace VARCHAR -: CloudWatch namespace
--   metric VARCHAR -: metric name
--   unit VARCHAR -: unit as published
--   dim_set VARCHAR -: sorted dimension names, joined by commas
--   dims VARCHAR -: dimensions with their values, as text
--   hour TIMESTAMP UTC: start of the hour
--   minutes DOUBLE min: time for which there are points
--   samples DOUBLE samples: SampleCount, added up
--   added DOUBLE unit: Sum, added up
--   mean DOUBLE unit: mean of the samples
--   lowest DOUBLE unit: least Minimum
--   highest DOUBLE unit: greatest Maximum
--   p50 DOUBLE unit: median of the points' p50
--   p99 DOUBLE unit: median of the points' p99
-- grain: one row per series and hour with any point

WITH points AS (
    SELECT
        COALESCE(account, '') AS account,
        COALESCE(region, '') AS region,
        subject,
        COALESCE(variant, '') AS variant,
        namespace,
        metric,
        COALESCE(unit, '') AS unit,
        dim_set,
        CAST(dims AS VARCHAR) AS dims,
        bucket(3600, ts) AS hour,
        period_s,
        COALESCE(sample_count, 1) AS samples,
        COALESCE(sum, average * sample_count) AS added,
        COALESCE(average, sum / NULLIF(sample_count, 0)) * COALESCE(sample_count, 1) AS weighted,
        CASE
            WHEN COALESCE(average, sum / NULLIF(sample_count, 0)) IS NOT NULL THEN COALESCE(sample_count, 1)
        END AS weight,
        minimum,
        maximum,
        p50,
        p99
    FROM metrics
    WHERE ($subject = '' OR subject = $subject)
        AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND ts >= CAST($start AS TIMESTAMP)
        AND ts < CAST($end AS TIMESTAMP)
        AND period_s BETWEEN 60 AND 3600
        AND (
            subject LIKE 'component/%'
            OR subject LIKE 'featuregroup/%'
            OR subject LIKE 'monitor/%'
            OR subject LIKE 'cloudwatch/%'
            OR (
                subject LIKE 'endpoint/%'
                AND dim_set IN ('EndpointName', 'EndpointName,VariantName')
                AND metric IN (
                    'Invocations', 'ApproximateBacklogSize', 'ApproximateAgeOfOldestRequest', 'InvocationsProcessed',
                    'InvocationsProcesssed', 'InvocationFailures', 'TotalProcessingTime', 'ModelSetupTime',
                    'ServerlessConcurrentExecutionsUtilization', 'ServerlessProvisionedConcurrencyInvocations',
                    'ServerlessProvisionedConcurrencySpilloverInvocations', 'ModelCacheHit'
                )
            )
        )
),

per_period AS (
    SELECT
        account,
        region,
        subject,
        variant,
        namespace,
        metric,
        unit,
        dim_set,
        dims,
        hour,
        period_s,
        count(*) * period_s / 60.0 AS minutes,
        total(samples) AS samples,
        total(added) AS added,
        total(weighted) / NULLIF(total(weight), 0) AS mean,
        min(minimum) AS lowest,
        max(maximum) AS highest,
        quantile(p50, 0.5) AS p50,
        quantile(p99, 0.5) AS p99,
        row_number() OVER (
            PARTITION BY account, region, subject, variant, namespace, metric, unit, dim_set, dims, hour
            ORDER BY period_s
        ) AS choice
    FROM points
    GROUP BY account, region, subject, variant, namespace, metric, unit, dim_set, dims, hour, period_s
)

SELECT
    account,
    region,
    subject,
    variant,
    namespace,
    metric,
    unit,
    dim_set,
    dims,
    hour,
    minutes,
    samples,
    added,
    mean,
    lowest,
    highest,
    p50,
    p99
FROM per_period
WHERE choice = 1
ORDER BY subject, account, region, variant, namespace, metric, unit, dim_set, dims, hour
