-- name: variant_facts
-- purpose: every value that SageMaker gave for the instance type, the configured count and the
--   model of a variant, oldest first: a second row of an attribute is a change.
-- params:
--   $subject VARCHAR = '': kind/name, for example endpoint/my-endpoint; '' takes every subject
-- columns:
--   account VARCHAR -: AWS account, '' unknown
--   region VARCHAR -: AWS region, '' unknown
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   variant VARCHAR -: production variant
--   attribute VARCHAR -: instance_type, initial_instance_count or model_name
--   value VARCHAR -: value as text
--   since TIMESTAMP UTC: first time that it was said
-- grain: one row per account, region, subject, variant, attribute and stretch of one value

WITH said AS (
    SELECT
        COALESCE(account, '') AS account,
        COALESCE(region, '') AS region,
        subject,
        name AS variant,
        attribute,
        value,
        as_of,
        lag(value) OVER (
            PARTITION BY account, region, subject, name, attribute
            ORDER BY as_of, source, value
        ) AS before
    FROM resources
    WHERE ($subject = '' OR subject = $subject)
        AND kind = 'variant'
        AND attribute IN ('instance_type', 'initial_instance_count', 'model_name')
)

SELECT
    account,
    region,
    subject,
    variant,
    attribute,
    value,
    as_of AS since
FROM said
WHERE before IS NULL OR before <> value
ORDER BY subject, variant, account, region, attribute, as_of
