-- name: resources
-- purpose: what Describe calls and configuration files said, as of when they said it.
-- columns:
--   as_of TIMESTAMP UTC: when it was said
--   account VARCHAR -: AWS account, NULL unknown
--   region VARCHAR -: AWS region, NULL unknown
--   subject VARCHAR -: kind/name, for example endpoint/my-endpoint
--   kind VARCHAR -: endpoint, endpoint_config or variant
--   name VARCHAR -: name of the endpoint, configuration or variant
--   attribute VARCHAR -: for example instance_type
--   value VARCHAR -: value as text
--   source VARCHAR -: the call or file that said it
--   dt DATE UTC: day of as_of: the partition
-- grain: one row per fact and moment

SELECT
    as_of,
    account,
    region,
    subject,
    kind,
    name,
    attribute,
    value,
    source,
    dt
FROM read_parquet(
    getvariable('lake') || '/resources/dt=*/*.parquet',
    hive_partitioning => true,
    hive_types => {'dt': DATE}
)
WHERE (getvariable('region') = '' OR region IS NULL OR region = getvariable('region'))
    AND (getvariable('account') = '' OR account IS NULL OR account = getvariable('account'))
