-- name: catalog
-- purpose: the metric catalogue: what SageMaker publishes, in which unit, and how to read it.
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
    namespace,
    metric,
    unit,
    stats,
    dim_sets,
    kind,
    scale,
    better,
    about,
    source
FROM catalog
ORDER BY namespace, metric, unit
