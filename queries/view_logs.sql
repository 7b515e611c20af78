-- name: logs
-- purpose: every log event of the lake, parsed and with secrets masked.
-- columns:
--   ts TIMESTAMP UTC: when the event was logged
--   ingested_at TIMESTAMP UTC: when CloudWatch took it in, NULL unknown
--   account VARCHAR -: AWS account, NULL unknown
--   region VARCHAR -: AWS region, NULL unknown
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   endpoint VARCHAR -: endpoint name, NULL for another kind of subject
--   variant VARCHAR -: first part of log_stream, NULL when it has one part
--   log_group VARCHAR -: CloudWatch log group
--   log_stream VARCHAR -: for endpoints variant/instance
--   event_id VARCHAR -: identity of the event within its stream
--   seq BIGINT -: order within the source among equal timestamps
--   message VARCHAR -: as logged, secrets masked
--   level VARCHAR -: DEBUG, INFO, WARN, ERROR, FATAL, or NULL when the line prints none
--   logger VARCHAR -: logger name
--   thread VARCHAR -: thread name
--   skeleton VARCHAR -: message with its variables masked
--   exception VARCHAR -: exception type, on the event that names it
--   request_id VARCHAR -: request id
--   parser VARCHAR -: log format that matched
--   dt DATE UTC: day of ts: the partition
-- grain: one row per log event

SELECT
    ts,
    ingested_at,
    account,
    region,
    subject,
    CASE WHEN subject LIKE 'endpoint/%' THEN substr(subject, 10) END AS endpoint,
    capture(log_stream, '^([^/]+)/', 1) AS variant,
    log_group,
    log_stream,
    event_id,
    seq,
    message,
    level,
    logger,
    thread,
    skeleton,
    exception,
    request_id,
    parser,
    dt
FROM read_parquet(
    getvariable('lake') || '/logs/dt=*/*.parquet',
    hive_partitioning => true,
    hive_types => {'dt': DATE}
)
WHERE (getvariable('region') = '' OR region IS NULL OR region = getvariable('region'))
    AND (getvariable('account') = '' OR account IS NULL OR account = getvariable('account'))
