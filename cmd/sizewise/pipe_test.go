package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestReaderThatGoesAway reads one line of a long result and closes the pipe, as
// "| head -1" does: sql ends quietly with 0 and leaves no directory behind.
func TestReaderThatGoesAway(t *testing.T) {
	dir, temp := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lake.json"), []byte(`{"format":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"csv", "json", "table"} {
		cmd := exec.CommandContext(t.Context(), "sizewise", "--lake", dir, "sql", "--format", format,
			"SELECT range AS n, 'a long line of text' AS line FROM range(300000)")
		cmd.Env = append(os.Environ(), "TMPDIR="+temp)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReaderSize(out, 16).ReadString('\n'); err != nil {
			t.Fatal(err, errs.String())
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil || errs.Len() > 0 {
			t.Errorf("%s: %v, %s", format, err, errs.String())
		}
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("%s: left behind %v, %v", format, left, err)
		}
	}
}
