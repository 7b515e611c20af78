package engine

import (
	"context"
	"fmt"

	"sizewise/queries"
)

// Narrow reads the rows of a named query into memory and lets them stand for the
// view metrics in every query until [Engine.Widen]. The query must have the
// columns that those queries read. What is asked several times of a part of a
// large lake is then read from its files once.
func (e *Engine) Narrow(ctx context.Context, name string, params map[string]any) error {
	q, err := queries.Get(name)
	if err != nil {
		return err
	}
	args, err := bind(q, params)
	if err != nil {
		return err
	}
	if err := e.begin(name); err != nil {
		return fmt.Errorf("narrowing metrics to %s: %w", name, err)
	}
	defer e.end()
	if _, err := e.conn.ExecContext(ctx, "CREATE TEMP TABLE metrics AS\n"+q.SQL, args...); err != nil {
		return fmt.Errorf("narrowing metrics to %s: %w", name, e.explain(err))
	}
	return nil
}

// Widen undoes [Engine.Narrow].
func (e *Engine) Widen(ctx context.Context) error {
	if err := e.begin("metrics"); err != nil {
		return fmt.Errorf("widening metrics: %w", err)
	}
	defer e.end()
	if _, err := e.conn.ExecContext(ctx, "DROP TABLE IF EXISTS temp.metrics"); err != nil {
		return fmt.Errorf("widening metrics: %w", e.explain(err))
	}
	return nil
}
