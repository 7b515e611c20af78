package engine

import (
	"context"
	"errors"
	"fmt"
)

// Beside opens a second way into the lake of e, with the same views and limits, so
// that another goroutine may ask while a statement of e runs. It must be closed
// before e.
func (e *Engine) Beside(ctx context.Context) (*Engine, error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("opening lake %s once more: %w", e.options.Lake, err)
	}
	out := &Engine{options: e.options, lake: e.lake, memoryLimit: e.memoryLimit, conn: conn}
	for _, s := range e.variables() {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return nil, fmt.Errorf("opening lake %s once more: %w", e.options.Lake, errors.Join(e.explain(err), out.Close()))
		}
	}
	return out, nil
}
