-- name: requests
-- purpose: requests as a load tester or an access log saw them.
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
    ts,
    subject,
    source,
    seq,
    duration_us,
    status,
    route,
    dt
FROM read_parquet(
    getvariable('lake') || '/requests/dt=*/*.parquet',
    hive_partitioning => true,
    hive_types => {'dt': DATE}
)
