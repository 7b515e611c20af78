-- name: log_traces
-- purpose: exceptions as they were thrown, each with the innermost frame of the application. The lines
--   of a stack trace that are events of their own are joined by stream and thread; of exceptions that
--   were raised while another was handled, the last counts.
-- params:
--   $endpoint VARCHAR = '': endpoint name; '' takes every endpoint
--   $variant VARCHAR = '': production variant; '' takes every variant
--   $start TIMESTAMP = 1970-01-01T00:00:00Z: first instant that counts
--   $end TIMESTAMP = 9999-01-01T00:00:00Z: first instant that no longer counts
-- columns:
--   endpoint VARCHAR -: endpoint name
--   ts TIMESTAMP UTC: event that names the exception
--   log_stream VARCHAR -: for endpoints variant/instance
--   thread VARCHAR -: thread that printed it, '' unknown
--   exception VARCHAR -: exception type
--   skeleton VARCHAR -: message with its variables masked
--   frame VARCHAR -: innermost call of the application, file:function; of a library when there are no others, NULL without a trace
--   cause VARCHAR -: exception type that it followed from, NULL for none
--   message VARCHAR -: the event as logged
-- grain: one row per exception thrown

WITH parts AS (
    SELECT
        endpoint,
        log_stream,
        COALESCE(thread, '') AS thread,
        ts,
        seq,
        event_id,
        exception,
        COALESCE(skeleton, '') AS skeleton,
        message,
        CASE
            WHEN skeleton LIKE 'Caused by: %' THEN 'cause'
            WHEN exception IS NOT NULL THEN 'thrown'
            WHEN skeleton LIKE 'Traceback (most recent call last)%' THEN 'head'
            WHEN skeleton LIKE 'File "%' THEN 'python'
            WHEN skeleton LIKE 'During handling of the above exception%' THEN 'chain'
            WHEN skeleton LIKE 'The above exception was the direct cause%' THEN 'chain'
            WHEN skeleton LIKE 'at %(%' THEN 'java'
        END AS part
    FROM logs
    WHERE ($endpoint = '' OR subject = 'endpoint/' || $endpoint)
        AND endpoint IS NOT NULL
        AND ($variant = '' OR COALESCE(variant, $variant) = $variant)
        AND dt >= CAST(CAST($start AS TIMESTAMP) AS DATE)
        AND dt <= CAST(CAST($end AS TIMESTAMP) AS DATE)
        AND ts >= CAST($start AS TIMESTAMP)
        AND ts < CAST($end AS TIMESTAMP)
),

-- Java prints its frames without the header that names the thread: they are
-- those of the exception before them in the stream.
lanes AS (
    SELECT
        endpoint,
        log_stream,
        ts,
        seq,
        event_id,
        exception,
        skeleton,
        message,
        part,
        CASE
            WHEN part IN ('java', 'cause') AND thread = '' THEN COALESCE(
                last_value(CASE WHEN part = 'thrown' THEN thread END IGNORE NULLS) OVER (
                    PARTITION BY endpoint, log_stream
                    ORDER BY ts, seq, event_id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                ), ''
            )
            ELSE thread
        END AS lane,
        without(message, 'File "([^"]*/(site-packages|dist-packages|lib/python[0-9.]*)/[^"]*|<[^"]*)", line [0-9]+, in [^\s]+') AS own_python,
        without(message, 'at ([A-Za-z0-9_.@]+/)?(java|javax|jdk|sun|com[.]sun|io[.]netty)[.][^(]*[(][^)]*[)]') AS own_java
    FROM parts
    WHERE part IS NOT NULL
),

-- Events of one millisecond can come in any order. Where one shows that they do,
-- its parts are put as a trace has them.
placed AS (
    SELECT
        endpoint,
        log_stream,
        ts,
        seq,
        event_id,
        exception,
        skeleton,
        message,
        part,
        lane,
        own_python,
        own_java,
        CASE
            WHEN min(CASE WHEN part = 'java' THEN seq END) OVER instant < min(CASE WHEN part = 'thrown' THEN seq END) OVER instant
                OR min(CASE WHEN part = 'python' THEN seq END) OVER instant < min(CASE WHEN part = 'head' THEN seq END) OVER instant
                OR min(CASE WHEN part = 'thrown' THEN seq END) OVER instant < min(CASE WHEN part = 'head' THEN seq END) OVER instant
                OR max(CASE WHEN part = 'python' THEN seq END) OVER instant > max(CASE WHEN part = 'thrown' THEN seq END) OVER instant
            THEN CASE part WHEN 'head' THEN 1 WHEN 'python' THEN 2 WHEN 'thrown' THEN 3 WHEN 'chain' THEN 4 WHEN 'java' THEN 5 ELSE 6 END
            ELSE 0
        END AS place
    FROM lanes
    WINDOW instant AS (PARTITION BY endpoint, log_stream, lane, ts)
),

sorted AS (
    SELECT
        endpoint,
        log_stream,
        ts,
        seq,
        event_id,
        exception,
        skeleton,
        message,
        part,
        lane,
        own_python,
        own_java,
        row_number() OVER (
            PARTITION BY endpoint, log_stream, lane
            ORDER BY ts, place, CASE WHEN place > 0 THEN message ELSE '' END, seq, event_id
        ) AS nth
    FROM placed
),

-- Python's frames come before the exception's name, Java's after it.
numbered AS (
    SELECT
        endpoint,
        log_stream,
        ts,
        seq,
        event_id,
        exception,
        skeleton,
        message,
        part,
        lane,
        nth,
        count(CASE WHEN part = 'thrown' THEN 1 END) OVER (
            PARTITION BY endpoint, log_stream, lane
            ORDER BY nth
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) + CASE WHEN part IN ('head', 'python', 'chain') THEN 1 ELSE 0 END AS n,
        lead(part) OVER (PARTITION BY endpoint, log_stream, lane ORDER BY nth) AS next_part,
        call_of(own_python, '(?s).*File "(?:[^"]*/)?([^"/]+)", line [0-9]+, in ([A-Za-z0-9_<>.]+)', 1, 2) AS python_own,
        call_of(message, '(?s).*File "(?:[^"]*/)?([^"/]+)", line [0-9]+, in ([A-Za-z0-9_<>.]+)', 1, 2) AS python_any,
        call_of(own_java, '\bat [A-Za-z0-9_.$@/<>]*?([A-Za-z0-9_$<>]+)[(]([^:()]+)', 2, 1) AS java_own,
        call_of(message, '\bat [A-Za-z0-9_.$@/<>]*?([A-Za-z0-9_$<>]+)[(]([^:()]+)', 2, 1) AS java_any
    FROM sorted
),

framed AS (
    SELECT
        nth,
        endpoint,
        log_stream,
        ts,
        seq,
        event_id,
        exception,
        skeleton,
        message,
        part,
        lane,
        n,
        next_part,
        COALESCE(
            last_value(python_own IGNORE NULLS) OVER before,
            first_value(java_own IGNORE NULLS) OVER after,
            last_value(python_any IGNORE NULLS) OVER before,
            first_value(java_any IGNORE NULLS) OVER after
        ) AS frame,
        last_value(CASE WHEN part = 'cause' THEN exception END IGNORE NULLS) OVER after AS root,
        max(CASE WHEN part = 'chain' THEN 1 ELSE 0 END) OVER before AS chained
    FROM numbered
    WINDOW
        before AS (
            PARTITION BY endpoint, log_stream, lane, n
            ORDER BY nth
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ),
        after AS (
            PARTITION BY endpoint, log_stream, lane, n
            ORDER BY nth
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        )
),

thrown AS (
    SELECT
        endpoint,
        log_stream,
        ts,
        seq,
        event_id,
        exception,
        skeleton,
        message,
        lane,
        next_part,
        frame,
        root,
        chained,
        lag(exception) OVER (PARTITION BY endpoint, log_stream, lane ORDER BY n) AS earlier
    FROM framed
    WHERE part = 'thrown'
)

SELECT
    endpoint,
    ts,
    log_stream,
    lane AS thread,
    exception,
    skeleton,
    frame,
    COALESCE(root, CASE WHEN chained = 1 THEN earlier END) AS cause,
    message
FROM thrown
WHERE COALESCE(next_part, '') <> 'chain'
ORDER BY endpoint, ts, log_stream, seq, event_id
