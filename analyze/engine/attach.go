package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"sizewise/queries"
)

// OccupiedError says that a file cannot be replaced, since it is not one that
// [WriteDatabase] wrote, or somebody put tables into it.
type OccupiedError struct{ Path, Why string }

// Error names the file and the way out.
func (e *OccupiedError) Error() string {
	return fmt.Sprintf("%s %s and is left alone: choose another name", e.Path, e.Why)
}

// WriteDatabase writes a DuckDB database to path that holds no data, only the
// macros, the views over the lake of o and every named query as a table macro, so
// that any DuckDB from 1.1 on can ask the same questions. A file that an earlier call wrote is replaced; any other is an
// [*OccupiedError]. The file appears whole or not at all.
//
// The views name the lake by its absolute path. A reader for whom it lies
// elsewhere says so first: SET VARIABLE lake = '/mnt/lake'. SET VARIABLE region
// and account choose rows as [Options] does. A dataset that has no file yet is an
// empty view until the database is written again; new files of the others show
// at once.
//
// A parameter $name of a query is the parameter p_name of its macro, since a
// macro's parameter hides a column of the same name.
func WriteDatabase(ctx context.Context, o Options, path string) (err error) {
	lake, err := findLake(o.Lake)
	if err != nil {
		return err
	}
	if err := checkReplaceable(ctx, path); err != nil {
		return err
	}
	statements, err := databaseStatements(lake)
	if err != nil {
		return err
	}
	dir, err := realDir(path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	temp, err := os.MkdirTemp(dir, ".sizewise-*.tmp")
	if err != nil {
		return fmt.Errorf("writing %s: no directory can be made beside it: %w", path, errors.Unwrap(err))
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	made := filepath.Join(temp, "lake.duckdb")
	if err := fill(ctx, lake, made, statements); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := syncFile(made); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.Rename(made, path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// databaseStatements are the macros, the views and the queries.
func databaseStatements(lake string) ([]string, error) {
	e := &Engine{lake: lake}
	views, err := e.views()
	if err != nil {
		return nil, err
	}
	statements := []string{queries.Macros()}
	for _, v := range views {
		statements = append(statements, ownVariables(v, lake))
	}
	statements = append(statements, "CREATE MACRO "+marker+"() AS "+literal(lake))
	for _, name := range queries.Names() {
		q, err := queries.Get(name)
		if err != nil {
			return nil, err
		}
		statements = append(statements, tableMacro(q))
	}
	return statements, nil
}

// marker is the macro by which a file is known to be one of ours; it says which
// lake it was made for.
const marker = "sizewise_lake"

// ownVariables gives a view's variables a value in a session that did not set
// them.
func ownVariables(view, lake string) string {
	return strings.NewReplacer(
		"getvariable('lake')", "COALESCE(getvariable('lake'), "+literal(globEscape(lake))+")",
		"getvariable('region')", "COALESCE(getvariable('region'), '')",
		"getvariable('account')", "COALESCE(getvariable('account'), '')",
	).Replace(view)
}

// tableMacro is a query that takes its parameters by name, with their defaults.
func tableMacro(q queries.Query) string {
	var params, rename []string
	for _, p := range q.Params {
		params = append(params, fmt.Sprintf("p_%s := CAST(%s AS %s)", p.Name, literal(p.Default), p.Type))
		rename = append(rename, "$"+p.Name, "p_"+p.Name)
	}
	return "CREATE MACRO " + q.Name + "(" + strings.Join(params, ", ") + ") AS TABLE\n" +
		strings.NewReplacer(rename...).Replace(q.SQL)
}

// storageVersion is that of the file: the oldest that DuckDB still writes, so that
// the reader's DuckDB may be older than ours. The views need getvariable, which
// came with DuckDB 1.1.
const storageVersion = "v1.0.0"

// fill makes a database and runs the statements in it.
func fill(ctx context.Context, lake, path string, statements []string) error {
	return inside(ctx, path, " (STORAGE_VERSION '"+storageVersion+"')", func(conn *sql.Conn) error {
		e := &Engine{lake: lake}
		for _, s := range append(statements, "CHECKPOINT") {
			if _, err := conn.ExecContext(ctx, s); err != nil {
				return fmt.Errorf("%s: %w", firstLine(s), e.explain(err))
			}
		}
		return nil
	})
}

// inside runs do within the database file at path, which is attached with the
// options given and no extensions from elsewhere. A path of any characters will do.
func inside(ctx context.Context, path, options string, do func(*sql.Conn) error) (err error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for _, s := range []string{
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"ATTACH " + literal(path) + " AS made" + options,
		"USE made",
	} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return errors.Join(do(conn), detach(ctx, conn))
}

func detach(ctx context.Context, conn *sql.Conn) error {
	for _, s := range []string{"USE memory", "DETACH made"} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// checkReplaceable reports whether path is free, or ours with nothing of the
// user's in it.
func checkReplaceable(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return &OccupiedError{Path: path, Why: "is not a file"}
	}
	var ours, tables int
	err = inside(ctx, path, " (READ_ONLY)", func(conn *sql.Conn) error {
		return conn.QueryRowContext(ctx, `SELECT
			(SELECT count(*) FROM duckdb_functions() WHERE database_name = 'made' AND function_name = 'sizewise_lake'),
			(SELECT count(*) FROM duckdb_tables() WHERE database_name = 'made')`).Scan(&ours, &tables)
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return &OccupiedError{Path: path, Why: "cannot be read as a DuckDB database"}
	case ours == 0:
		return &OccupiedError{Path: path, Why: "was not written by sizewise lake attach"}
	case tables > 0:
		return &OccupiedError{Path: path, Why: "holds tables of its own"}
	}
	return nil
}
