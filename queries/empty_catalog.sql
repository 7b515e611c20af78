-- name: catalog
-- purpose: stands in for the view of this name while the lake has no file of it.
-- columns:
--   namespace VARCHAR -: CloudWatch namespace
--   metric VARCHAR -: metric name
--   unit VARCHAR -: unit as published
--   stats VARCHAR -: statistics that make sense, joined by commas
--   dim_sets VARCHAR -: dimension sets it is published under, joined by semicolons
--   kind VARCHAR -: count, gauge, latency or utilization
--   scale VARCHAR -: what normalises it, NULL for nothing
--   better VARCHAR -: higher, lower or none
--   about VARCHAR -: what it measures
--   source VARCHAR -: where that is documented
-- grain: one row per namespace and metric

SELECT
    CAST(NULL AS VARCHAR) AS namespace,
    CAST(NULL AS VARCHAR) AS metric,
    CAST(NULL AS VARCHAR) AS unit,
    CAST(NULL AS VARCHAR) AS stats,
    CAST(NULL AS VARCHAR) AS dim_sets,
    CAST(NULL AS VARCHAR) AS kind,
    CAST(NULL AS VARCHAR) AS scale,
    CAST(NULL AS VARCHAR) AS better,
    CAST(NULL AS VARCHAR) AS about,
    CAST(NULL AS VARCHAR) AS source
WHERE false
