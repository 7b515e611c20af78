-- name: logs
-- purpose: stands in for the view of this name while the lake has no file of it.
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
    CAST(NULL AS TIMESTAMP) AS ts,
    CAST(NULL AS TIMESTAMP) AS ingested_at,
    CAST(NULL AS VARCHAR) AS account,
    CAST(NULL AS VARCHAR) AS region,
    CAST(NULL AS VARCHAR) AS subject,
    CAST(NULL AS VARCHAR) AS endpoint,
    CAST(NULL AS VARCHAR) AS variant,
    CAST(NULL AS VARCHAR) AS log_group,
    CAST(NULL AS VARCHAR) AS log_stream,
    CAST(NULL AS VARCHAR) AS event_id,
    CAST(NULL AS BIGINT) AS seq,
    CAST(NULL AS VARCHAR) AS message,
    CAST(NULL AS VARCHAR) AS level,
    CAST(NULL AS VARCHAR) AS logger,
    CAST(NULL AS VARCHAR) AS thread,
    CAST(NULL AS VARCHAR) AS skeleton,
    CAST(NULL AS VARCHAR) AS exception,
    CAST(NULL AS VARCHAR) AS request_id,
    CAST(NULL AS VARCHAR) AS parser,
    CAST(NULL AS DATE) AS dt
WHERE false
