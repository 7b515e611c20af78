-- name: resources
-- purpose: stands in for the view of this name while the lake has no file of it.
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
    CAST(NULL AS TIMESTAMP) AS as_of,
    CAST(NULL AS VARCHAR) AS account,
    CAST(NULL AS VARCHAR) AS region,
    CAST(NULL AS VARCHAR) AS subject,
    CAST(NULL AS VARCHAR) AS kind,
    CAST(NULL AS VARCHAR) AS name,
    CAST(NULL AS VARCHAR) AS attribute,
    CAST(NULL AS VARCHAR) AS value,
    CAST(NULL AS VARCHAR) AS source,
    CAST(NULL AS DATE) AS dt
WHERE false
