-- name: resources_latest
-- purpose: the newest value of every fact that Describe or a configuration file said.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
-- columns:
--   subject VARCHAR -: kind/name
--   kind VARCHAR -: endpoint, endpoint_config or variant
--   name VARCHAR -: name of the endpoint, configuration or variant
--   attribute VARCHAR -: for example instance_type
--   value VARCHAR -: value as text
--   as_of TIMESTAMP UTC: when it was said
--   account VARCHAR -: AWS account, NULL unknown
--   region VARCHAR -: AWS region, NULL unknown
--   source VARCHAR -: the call or file that said it
-- grain: one row per subject, kind, name and attribute

SELECT
    subject,
    kind,
    name,
    attribute,
    value,
    as_of,
    account,
    region,
    source
FROM (
    SELECT
        subject,
        kind,
        name,
        attribute,
        value,
        as_of,
        account,
        region,
        source,
        row_number() OVER (
            PARTITION BY subject, kind, name, attribute
            ORDER BY as_of DESC, source, value, account, region
        ) AS age
    FROM resources
    WHERE ($subject = '' OR subject = $subject)
) AS ranked
WHERE age = 1
ORDER BY subject, kind, name, attribute
