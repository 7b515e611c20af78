package lake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// intentFile is in the lake while a change of more than one file is under way.
const intentFile = ".intent.json"

// intent is a change of several files. Once it is written the change happens:
// what a crash interrupts the next writer completes. Paths are relative to the
// lake.
type intent struct {
	Command string      `json:"command"` // compact, prune
	Rename  [][2]string `json:"rename"`  // whole files in .tmp, and where they belong
	Remove  []string    `json:"remove"`
}

// datasets are the directories of the lake's datasets.
func datasets() []string { return []string{"metrics", "logs", "requests", "resources", "ledger"} }

// change collects a change of several files.
type change struct {
	l      *Lake
	intent intent
}

// stage writes a file in .tmp that is to replace path.
func (c *change) stage(path string, write func(*os.File) error) error {
	f, err := c.l.createTemp(filepath.Base(path))
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	c.intent.Rename = append(c.intent.Rename, [2]string{c.l.relative(f.Name()), c.l.relative(path)})
	if err := errors.Join(write(f), c.l.finish(f)); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// remove notes a file to be removed.
func (c *change) remove(path string) {
	c.intent.Remove = append(c.intent.Remove, c.l.relative(path))
}

// drop forgets the change and what was staged for it.
func (c *change) drop() error {
	var err error
	for _, r := range c.intent.Rename {
		err = errors.Join(err, c.l.remove(filepath.Join(c.l.dir, r[0])))
	}
	return err
}

// commit makes the change happen.
func (c *change) commit() error {
	if len(c.intent.Rename)+len(c.intent.Remove) == 0 {
		return nil
	}
	err := errors.Join(
		c.l.syncDir(filepath.Join(c.l.dir, tempDir)), // the staged files have names before the intent speaks of them
		c.l.replace(filepath.Join(c.l.dir, intentFile), func(f *os.File) error { return json.NewEncoder(f).Encode(c.intent) }),
	)
	if err != nil {
		return errors.Join(err, c.drop())
	}
	return c.l.carryOut(c.intent)
}

// carryOut does what an intent says, or what is left of it, and removes it.
func (l *Lake) carryOut(in intent) error {
	touched := map[string]bool{}
	for _, r := range in.Rename {
		temp, path := filepath.Join(l.dir, r[0]), filepath.Join(l.dir, r[1])
		if _, err := os.Stat(temp); errors.Is(err, fs.ErrNotExist) {
			continue // done before the crash
		}
		if err := l.install(temp, path); err != nil {
			return fmt.Errorf("completing %s: %w", in.Command, err)
		}
	}
	for _, name := range in.Remove {
		path := filepath.Join(l.dir, name)
		if err := l.remove(path); err != nil {
			return fmt.Errorf("completing %s: %w", in.Command, err)
		}
		touched[filepath.Dir(path)] = true
	}
	for dir := range touched {
		if err := l.tidy(dir); err != nil {
			return fmt.Errorf("completing %s: %w", in.Command, err)
		}
	}
	return errors.Join(l.remove(filepath.Join(l.dir, intentFile)), l.syncDir(l.dir))
}

// tidy makes removals from a day's directory durable, and removes it when it is
// empty.
func (l *Lake) tidy(dir string) error {
	left, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || len(left) > 0 {
		return errors.Join(err, l.syncDir(dir))
	}
	return errors.Join(l.remove(dir), l.syncDir(filepath.Dir(dir)))
}

// recoverIntent completes the change that a crash interrupted. An intent that
// cannot be read, or speaks of files elsewhere, is not this program's.
func (l *Lake) recoverIntent() error {
	data, err := os.ReadFile(filepath.Join(l.dir, intentFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading intent: %w", err)
	}
	var in intent
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("reading intent %s: %w", intentFile, err)
	}
	for _, r := range in.Rename {
		if !filepath.IsLocal(r[0]) || filepath.Dir(r[0]) != tempDir || !isDayFile(r[1]) {
			return fmt.Errorf("reading intent %s: it moves %s to %s", intentFile, r[0], r[1])
		}
	}
	for _, name := range in.Remove {
		if !isDayFile(name) {
			return fmt.Errorf("reading intent %s: it removes %s", intentFile, name)
		}
	}
	return l.carryOut(in)
}

// isDayFile reports whether a relative path is that of a file of a dataset's
// day.
func isDayFile(name string) bool {
	parts := strings.Split(filepath.ToSlash(name), "/")
	return filepath.IsLocal(name) && len(parts) == 3 && slices.Contains(datasets(), parts[0]) &&
		strings.HasPrefix(parts[1], "dt=") && filepath.Ext(parts[2]) == extension
}

// relative is path as seen from the lake.
func (l *Lake) relative(path string) string { return relativeTo(l.dir, path) }
