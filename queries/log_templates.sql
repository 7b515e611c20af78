-- name: log_templates
-- purpose: masked log messages, most frequent first, from a level up; lines that name an
--   exception count at any level.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
--   $level VARCHAR = WARN: lowest level that counts: DEBUG, INFO, WARN, ERROR or FATAL; '' takes every line
--   $min_lines BIGINT = 1: leave out what came less often
-- columns:
--   endpoint VARCHAR -: endpoint name
--   level VARCHAR -: level of the lines, NULL when they print none
--   skeleton VARCHAR -: message with its variables masked
--   lines BIGINT lines: how often it came
--   streams BIGINT streams: log streams that printed it
--   first_seen TIMESTAMP UTC: first line
--   last_seen TIMESTAMP UTC: last line
--   example VARCHAR -: the first line, as logged
-- grain: one row per endpoint, level and skeleton

SELECT
    endpoint,
    level,
    COALESCE(skeleton, '') AS skeleton,
    count(*) AS lines,
    count(DISTINCT log_stream) AS streams,
    min(ts) AS first_seen,
    max(ts) AS last_seen,
    first_text(ts, message) AS example
FROM logs
WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
    AND endpoint IS NOT NULL
    AND ($variant = '' OR COALESCE(variant, $variant) = $variant)
    AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
    AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
    AND ts >= CAST($start AS TIMESTAMP)
    AND ts < CAST($end AS TIMESTAMP)
    AND (level_rank(level) >= level_rank($level) OR exception IS NOT NULL)
GROUP BY endpoint, level, COALESCE(skeleton, '')
HAVING count(*) >= $min_lines
ORDER BY endpoint, lines DESC, skeleton, level
