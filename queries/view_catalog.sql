-- name: catalog
-- purpose: the metric catalogue: what SageMaker publishes and in which unit.
-- columns:
--   namespace VARCHAR -: CloudWatch namespace
--   metric VARCHAR -: metric name
--   unit VARCHAR -: unit as published
--   dim_set VARCHAR -: sorted dimension names, joined by commas
--   about VARCHAR -: what it measures
-- grain: one row per namespace, metric and dimension set

SELECT
    namespace,
    metric,
    unit,
    dim_set,
    about
FROM read_parquet(getvariable('lake') || '/catalog.parquet')
