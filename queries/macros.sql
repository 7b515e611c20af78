-- What differs between SQL engines, under names of our own. Another engine
-- needs these macros and nothing else to run the views' queries.

-- bucket: start of the span of s seconds, counted from the epoch, that holds ts.
CREATE MACRO bucket(s, ts) AS time_bucket(to_seconds(CAST(s AS BIGINT)), ts, TIMESTAMP '1970-01-01 00:00:00');

-- quantile: exact, with linear interpolation.
CREATE MACRO quantile(x, q) AS quantile_cont(x, q);

-- total: compensated sum, so that the order of a parallel scan does not show.
CREATE MACRO total(x) AS fsum(x);

-- matches, capture: regular expressions of the common subset of RE2 and Java.
CREATE MACRO matches(text, re) AS regexp_matches(text, re);
CREATE MACRO capture(text, re, n) AS nullif(regexp_extract(text, re, n), '');
CREATE MACRO without(text, re) AS regexp_replace(text, re, '', 'g');

-- call_of: file:function of a call, from two groups of one expression.
CREATE MACRO call_of(text, re, file, name) AS nullif(regexp_extract(text, re, file), '') || ':' || regexp_extract(text, re, name);

-- count_true: rows for which the condition holds.
CREATE MACRO count_true(condition) AS count(CASE WHEN condition THEN 1 END);

-- first_text: the text of the least ts; the least text among equals.
CREATE MACRO first_text(ts, text) AS arg_min(text, row(ts, text));

-- preferred: the x of the least preference among the rows that have one.
CREATE MACRO preferred(x, preference) AS arg_min(x, preference);

-- elapsed_s: seconds from a to b.
CREATE MACRO elapsed_s(a, b) AS epoch_us(b - a) / 1000000.0;

-- seconds: a published duration in seconds; SageMaker's latencies are
-- microseconds where the source did not say.
CREATE MACRO seconds(x, unit) AS CASE unit
    WHEN 'Seconds' THEN x
    WHEN 'Milliseconds' THEN x / 1000.0
    ELSE x / 1000000.0
END;

-- level_rank: DEBUG 1 to FATAL 5; 0 for a line that prints no level.
CREATE MACRO level_rank(level) AS CASE level
    WHEN 'FATAL' THEN 5
    WHEN 'ERROR' THEN 4
    WHEN 'WARN' THEN 3
    WHEN 'INFO' THEN 2
    WHEN 'DEBUG' THEN 1
    ELSE 0
END;

-- shuffled: a place in an order that has nothing to do with the text.
CREATE MACRO shuffled(text) AS md5(text);
