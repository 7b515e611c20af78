// Package engine reads a lake with SQL. It opens an embedded DuckDB in memory,
// shuts it in, creates the macros and views of package queries, and then runs
// the named queries and the user's own statements.
//
// # The sandbox
//
// SQL is code, so a statement that somebody found somewhere must not be able to
// write, to reach another file or to leave the limits:
//
//   - Settings: no extension is installed or loaded, external access is off, the
//     lake directory alone is readable, memory, threads and the size of spilled
//     data are bounded, and the configuration is locked before any view exists.
//   - A gate in front of ad hoc statements, since the settings do not stop a COPY
//     or an ATTACH into the lake's own directory, EXPLAIN ANALYZE runs what it
//     explains, merely preparing EXPORT DATABASE makes a directory, and some
//     table functions write files. The gate asks DuckDB's own parser for the
//     tree of the text, without binding it: exactly one statement, a SELECT (or
//     EXPLAIN of one), table functions from a list, no function that acts.
//   - The statement's type, asked again after it is prepared.
//   - The caller's context is the deadline: cancelling it interrupts DuckDB.
//
// Nothing of this replaces file permissions: Parquet files of a lake are trusted.
package engine
