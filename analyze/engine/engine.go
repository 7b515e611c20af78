package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/duckdb/duckdb-go/v2"

	"sizewise/queries"
)

// Options of [Open].
type Options struct {
	Lake string // directory; required

	// Region and Account leave out rows of other regions and accounts, so that
	// names that stand in several mean one thing. Rows that do not say where they
	// are from stay. "" takes all.
	Region, Account string

	Threads     int    // 0 takes every core
	MemoryLimit string // for DuckDB's buffers, for example "2GB"; "" takes 640MB, which keeps the process under 1 GiB
	TempDir     string // where large sorts spill; "" takes the system's. A private directory is made in it and removed by Close
}

const (
	defaultMemory = "640MB"
	maxSpill      = "8GB"
)

// Engine is an open lake. It runs one statement at a time: the rows of one must
// be closed before the next begins; [Engine.Beside] is for more. Its methods may be called from several
// goroutines; the second one gets an error instead of a wait.
type Engine struct {
	options     Options
	lake        string // absolute, without links
	memoryLimit string
	spill       string
	db          *sql.DB
	conn        *sql.Conn

	mu   sync.Mutex
	busy string // name of the statement whose rows are open
}

// Open opens the lake for reading. Errors: [*NotFoundError] and [*FormatError].
func Open(ctx context.Context, o Options) (*Engine, error) {
	return open(ctx, o, "")
}

// open is Open with one file outside the lake, output, that may be written.
func open(ctx context.Context, o Options, output string) (*Engine, error) {
	lake, err := findLake(o.Lake)
	if err != nil {
		return nil, err
	}
	e := &Engine{options: o, lake: lake, memoryLimit: o.MemoryLimit}
	if e.memoryLimit == "" {
		e.memoryLimit = defaultMemory
	}
	if err := e.start(ctx, output); err != nil {
		return nil, errors.Join(fmt.Errorf("opening lake %s: %w", o.Lake, err), e.Close())
	}
	return e, nil
}

func (e *Engine) start(ctx context.Context, output string) error {
	spill, err := os.MkdirTemp(e.options.TempDir, "sizewise-sql-")
	if err != nil {
		return fmt.Errorf("making a directory to spill to: %w", err)
	}
	e.spill = spill
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return err
	}
	e.db = sql.OpenDB(connector)
	if e.conn, err = e.db.Conn(ctx); err != nil {
		return err
	}
	statements := append(e.settings(output), queries.Macros())
	views, err := e.views()
	if err != nil {
		return err
	}
	for _, s := range statements {
		if _, err := e.conn.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", firstLine(s), e.explain(err))
		}
	}
	for _, s := range views {
		if _, err := e.conn.ExecContext(ctx, s); err != nil {
			return e.explainView(err)
		}
	}
	return nil
}

// explainView is explain for the views. Their text is known to be right, so that
// what DuckDB does not like about one is in the files.
func (e *Engine) explainView(err error) error {
	err = e.explain(err)
	var d *duckdb.Error
	if errors.As(err, &d) && d.Type == duckdb.ErrorTypeBinder {
		return &DamagedError{Why: firstLine(d.Msg)}
	}
	return err
}

// settings shuts DuckDB in. The order matters: what may be read is said before
// access goes off, and the lock comes last.
func (e *Engine) settings(output string) []string {
	s := []string{
		"SET memory_limit = " + literal(e.memoryLimit),
		"SET temp_directory = " + literal(e.spill),
		"SET max_temp_directory_size = " + literal(maxSpill),
		"SET GLOBAL TimeZone = 'UTC'",
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"SET allow_community_extensions = false",
		"SET allow_persistent_secrets = false",
		// The permission check sees the views' globs before they are expanded, so
		// a path that needs escaping is allowed in both forms.
		"SET allowed_directories = [" + literal(e.lake) + ", " + literal(globEscape(e.lake)) + "]",
	}
	if e.options.Threads > 0 {
		s = append(s, "SET threads = "+strconv.Itoa(e.options.Threads))
	}
	if output != "" {
		s = append(s, "SET allowed_paths = ["+literal(output)+"]")
	}
	return append(append(s,
		"SET enable_external_access = false",
		"SET lock_configuration = true",
	), e.variables()...)
}

// variables are what the views read. Each connection has its own.
func (e *Engine) variables() []string {
	return []string{
		"SET VARIABLE lake = " + literal(globEscape(e.lake)),
		"SET VARIABLE region = " + literal(e.options.Region),
		"SET VARIABLE account = " + literal(e.options.Account),
	}
}

// views are the CREATE VIEW statements. A dataset without a file yet gets the
// stand-in with the same columns.
func (e *Engine) views() ([]string, error) {
	views, err := queries.Views()
	if err != nil {
		return nil, err
	}
	var s []string
	for _, v := range views {
		body := v.SQL
		if v.Dataset != "" {
			there, err := hasFiles(e.lake, v.Dataset)
			if err != nil {
				return nil, err
			}
			if !there {
				body = v.Empty
			}
		}
		s = append(s, "CREATE VIEW "+v.Name+" AS\n"+body)
	}
	return s, nil
}

// Close ends the engine and removes what it spilled.
func (e *Engine) Close() error {
	var errs []error
	if e.conn != nil {
		errs = append(errs, e.conn.Close())
		e.conn = nil
	}
	if e.db != nil {
		errs = append(errs, e.db.Close())
		e.db = nil
	}
	if e.spill != "" {
		errs = append(errs, os.RemoveAll(e.spill))
		e.spill = ""
	}
	return errors.Join(errs...)
}

// begin takes the engine for the statement name.
func (e *Engine) begin(name string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conn == nil {
		return errors.New("the engine is closed")
	}
	if e.busy != "" {
		return fmt.Errorf("the rows of %s are still open", e.busy)
	}
	e.busy = name
	return nil
}

func (e *Engine) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.busy = ""
}

// run executes a statement that was begun under name; the rows end it.
func (e *Engine) run(ctx context.Context, name, text string, args []any) (*Rows, error) {
	rows, err := e.conn.QueryContext(ctx, text, args...)
	if err != nil {
		e.end()
		return nil, fmt.Errorf("running %s: %w", name, e.explain(err))
	}
	return newRows(e, name, rows)
}

// literal quotes s as an SQL string.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// globEscape makes every character of a path stand for itself in a glob.
func globEscape(path string) string {
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
}
