-- name: access_latency
-- purpose: latency as the container's own access log tells it, from every line and therefore with true
--   percentiles, beside CloudWatch's of the same minutes. Health checks are left out.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $bucket_s BIGINT = 60: width of a bucket, seconds
-- columns:
--   endpoint VARCHAR -: endpoint name
--   bucket_start TIMESTAMP UTC: start of the bucket
--   requests BIGINT requests: lines of the access log
--   failed BIGINT requests: answered 500 or above
--   timed BIGINT requests: of which the line tells a duration
--   p50_s DOUBLE s: median of the durations, NULL when no line tells one
--   p90_s DOUBLE s: 90th percentile
--   p99_s DOUBLE s: 99th percentile
--   max_s DOUBLE s: longest
-- grain: one row per endpoint and bucket that has an access line

SELECT
    substr(subject, 10) AS endpoint,
    bucket($bucket_s, ts) AS bucket_start,
    count(*) AS requests,
    count_true(status >= 500) AS failed,
    count(duration_us) AS timed,
    quantile(duration_us / 1000000.0, 0.5) AS p50_s,
    quantile(duration_us / 1000000.0, 0.9) AS p90_s,
    quantile(duration_us / 1000000.0, 0.99) AS p99_s,
    max(duration_us / 1000000.0) AS max_s
FROM requests
WHERE origin = 'access_log'
    AND subject LIKE 'endpoint/%'
    AND ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
    AND ($variant = '' OR strpos(source, '/') < 2 OR source LIKE $variant || '/%')
    AND COALESCE(route, '') NOT IN ('/ping', '/health', '/healthz', '/v2/health/ready', '/v2/health/live')
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
GROUP BY subject, bucket($bucket_s, ts)
ORDER BY endpoint, bucket_start
