-- name: catalog
-- purpose: stands in for the view of this name while the lake has no file of it.
-- columns:
--   namespace VARCHAR -: CloudWatch namespace
--   metric VARCHAR -: metric name
--   unit VARCHAR -: unit as published
--   dim_set VARCHAR -: sorted dimension names, joined by commas
--   about VARCHAR -: what it measures
-- grain: one row per namespace, metric and dimension set

SELECT
    CAST(NULL AS VARCHAR) AS namespace,
    CAST(NULL AS VARCHAR) AS metric,
    CAST(NULL AS VARCHAR) AS unit,
    CAST(NULL AS VARCHAR) AS dim_set,
    CAST(NULL AS VARCHAR) AS about
WHERE false
