-- name: log_messages_by_night
-- purpose: masked log messages of every subject by night, from a level up; lines that name an
--   exception count at any level. Night 0 is the day that ends at $end, night 1 the one before.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $level VARCHAR = WARN: lowest level that counts: DEBUG, INFO, WARN, ERROR or FATAL; '' takes every line
-- columns:
--   account VARCHAR -: AWS account, '' unknown
--   region VARCHAR -: AWS region, '' unknown
--   subject VARCHAR -: kind/name
--   endpoint VARCHAR -: endpoint name, '' of other subjects
--   skeleton VARCHAR -: message with its variables masked
--   night BIGINT d: days before $end
--   lines BIGINT lines: how often it came
--   hours BIGINT h: different hours of the clock in which it came
--   first_seen TIMESTAMP UTC: first line
--   example VARCHAR -: the first line, as logged
-- grain: one row per account, region, subject, endpoint, skeleton and night

SELECT
    COALESCE(account, '') AS account,
    COALESCE(region, '') AS region,
    subject,
    COALESCE(endpoint, '') AS endpoint,
    COALESCE(skeleton, '') AS skeleton,
    CAST(ceil(elapsed_s(ts, CAST($end AS TIMESTAMP)) / 86400) - 1 AS BIGINT) AS night,
    count(*) AS lines,
    count(DISTINCT bucket(3600, ts)) AS hours,
    min(ts) AS first_seen,
    first_text(ts, message) AS example
FROM logs
WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
    AND subject IS NOT NULL
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
    AND (level_rank(level) >= level_rank($level) OR exception IS NOT NULL)
GROUP BY
    COALESCE(account, ''),
    COALESCE(region, ''),
    subject,
    COALESCE(endpoint, ''),
    COALESCE(skeleton, ''),
    CAST(ceil(elapsed_s(ts, CAST($end AS TIMESTAMP)) / 86400) - 1 AS BIGINT)
ORDER BY subject, endpoint, account, region, skeleton, night
