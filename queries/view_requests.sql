-- name: requests
-- purpose: requests as a load tester or an access log saw them.
-- columns:
--   ts TIMESTAMP UTC: when the request was sent
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   source VARCHAR -: file or log stream
--   origin VARCHAR -: who saw it: client (a load tester) or access_log (the server); a request that both saw is two rows
--   seq BIGINT -: order within the source
--   duration_us BIGINT us: time to the whole answer, NULL unknown
--   status INTEGER -: HTTP status, NULL unknown
--   route VARCHAR -: request path, NULL unknown
--   weight BIGINT requests: requests that the row stands for, 1 unless it is an aggregate
--   span_us BIGINT us: length of the window from ts that an aggregate's requests lie in, 0 for one request
--   ttft_us BIGINT us: time to the first token or chunk, NULL unknown
--   tokens_in BIGINT tokens: of the prompt, NULL unknown
--   tokens_out BIGINT tokens: of the answer, NULL unknown
--   error VARCHAR -: what the client said of a failure, NULL none
--   dt DATE UTC: day of ts: the partition
-- grain: one row per request (or aggregate of requests) and source

SELECT
    ts,
    subject,
    source,
    origin,
    seq,
    duration_us,
    status,
    route,
    weight,
    span_us,
    ttft_us,
    tokens_in,
    tokens_out,
    error,
    dt
FROM read_parquet(
    getvariable('lake') || '/requests/dt=*/*.parquet',
    hive_partitioning => true,
    hive_types => {'dt': DATE}
)
