-- name: job_runs
-- purpose: one line for every training, processing, transform, recommender and labeling job: how
--   it ended, when, on what, and what its hosts used. Nights compare a run with earlier ones.
-- with: resources_latest
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
-- columns:
--   subject VARCHAR -: kind/name
--   account VARCHAR -: AWS account, '' unknown
--   region VARCHAR -: AWS region, '' unknown
--   status VARCHAR -: Completed, Failed, Stopped, InProgress ..., '' unknown
--   failure_reason VARCHAR -: what SageMaker says, '' for none
--   creation_time VARCHAR UTC: RFC 3339, '' unknown
--   start_time VARCHAR UTC: RFC 3339, '' unknown
--   end_time VARCHAR UTC: RFC 3339, '' while it runs
--   instance_type VARCHAR -: '' unknown
--   instance_count VARCHAR instances: as text, '' unknown
--   billable_seconds VARCHAR s: of training jobs, as text, '' unknown
--   cpu_busy DOUBLE cores: CPUUtilization of a host, mean, NULL without
--   gpu_busy DOUBLE GPUs: GPUUtilization of a host, mean, NULL without
--   gpu_memory_busy DOUBLE GPUs: GPUMemoryUtilization of a host, highest, NULL without
--   memory_ratio DOUBLE ratio: MemoryUtilization of a host, highest, NULL without
--   disk_ratio DOUBLE ratio: DiskUtilization of a host, highest, NULL without
-- grain: one row per job

WITH described AS (
    SELECT
        subject,
        COALESCE(max(account), '') AS account,
        COALESCE(max(region), '') AS region,
        COALESCE(max(CASE WHEN attribute = 'status' THEN value END), '') AS status,
        COALESCE(max(CASE WHEN attribute = 'failure_reason' THEN value END), '') AS failure_reason,
        COALESCE(max(CASE WHEN attribute = 'creation_time' THEN value END), '') AS creation_time,
        COALESCE(max(CASE WHEN attribute = 'start_time' THEN value END), '') AS start_time,
        COALESCE(max(CASE WHEN attribute = 'end_time' THEN value END), '') AS end_time,
        COALESCE(max(CASE WHEN attribute = 'instance_type' THEN value END), '') AS instance_type,
        COALESCE(max(CASE WHEN attribute = 'instance_count' THEN value END), '') AS instance_count,
        COALESCE(max(CASE WHEN attribute = 'billable_seconds' THEN value END), '') AS billable_seconds
    FROM resources_latest
    WHERE kind IN ('training_job', 'processing_job', 'transform_job', 'recommendations_job', 'labeling_job')
    GROUP BY subject
),

used AS (
    SELECT
        subject,
        avg(CASE WHEN metric = 'CPUUtilization' THEN average END) / 100.0 AS cpu_busy,
        avg(CASE WHEN metric = 'GPUUtilization' THEN average END) / 100.0 AS gpu_busy,
        max(CASE WHEN metric = 'GPUMemoryUtilization' THEN maximum END) / 100.0 AS gpu_memory_busy,
        max(CASE WHEN metric = 'MemoryUtilization' THEN maximum END) / 100.0 AS memory_ratio,
        max(CASE WHEN metric = 'DiskUtilization' THEN maximum END) / 100.0 AS disk_ratio
    FROM metrics
    WHERE ($subject = '' OR subject = $subject)
        AND dim_set = 'Host'
        AND period_s >= 60
        AND metric IN ('CPUUtilization', 'GPUUtilization', 'GPUMemoryUtilization', 'MemoryUtilization', 'DiskUtilization')
    GROUP BY subject
)

SELECT
    described.subject,
    described.account,
    described.region,
    described.status,
    described.failure_reason,
    described.creation_time,
    described.start_time,
    described.end_time,
    described.instance_type,
    described.instance_count,
    described.billable_seconds,
    used.cpu_busy,
    used.gpu_busy,
    used.gpu_memory_busy,
    used.memory_ratio,
    used.disk_ratio
FROM described
LEFT JOIN used
    ON described.subject = used.subject
ORDER BY described.subject
