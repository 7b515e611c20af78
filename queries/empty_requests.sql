-- name: requests
-- purpose: stands in for the view of this name while the lake has no file of it.
-- columns:
--   ts TIMESTAMP UTC: when the request was sent
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   source VARCHAR -: file or log stream
--   seq BIGINT -: order within the source
--   duration_us BIGINT us: time to the answer
--   status INTEGER -: HTTP status, 0 unknown
--   route VARCHAR -: request path, NULL unknown
--   dt DATE UTC: day of ts: the partition
-- grain: one row per request and source

SELECT
    CAST(NULL AS TIMESTAMP) AS ts,
    CAST(NULL AS VARCHAR) AS subject,
    CAST(NULL AS VARCHAR) AS source,
    CAST(NULL AS BIGINT) AS seq,
    CAST(NULL AS BIGINT) AS duration_us,
    CAST(NULL AS INTEGER) AS status,
    CAST(NULL AS VARCHAR) AS route,
    CAST(NULL AS DATE) AS dt
WHERE false
