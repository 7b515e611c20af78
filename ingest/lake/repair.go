package lake

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Broken lists the Parquet files of the lake at dir that are no Parquet files or
// whose bytes are not those that were written, relative to dir. It reads every
// byte and decodes none, and takes no lock.
//
// Errors: the end of ctx, and directories that cannot be listed.
func Broken(ctx context.Context, dir string) ([]string, error) {
	var out []string
	for _, name := range datasets() {
		paths, err := dayFiles(dir, name)
		if err != nil {
			return out, err
		}
		for _, path := range paths {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			_, err := checkSum(path)
			if errors.Is(err, errSum) || err == nil && stateOf(path, name) == broken {
				out = append(out, relativeTo(dir, path))
			}
		}
	}
	if _, err := checkSum(filepath.Join(dir, catalogFile)); errors.Is(err, errSum) {
		out = append(out, catalogFile)
	}
	return out, nil
}

// repairs names for every damaged file the command that brings back what it held.
func (v *verifier) repairs() {
	for i, f := range v.report.Findings {
		switch {
		case f.Kind != Unreadable && f.Kind != Damaged:
		case f.Path == catalogFile:
			v.report.Findings[i].Repair = "any sizewise ingest or import writes it anew"
		case isDayFile(f.Path):
			v.report.Findings[i].Repair = v.repair(f.Path)
		}
	}
}

// repair is how to bring back what a day's file held, from what the rest of the
// lake knows of it.
func (v *verifier) repair(path string) string {
	parts := strings.Split(path, "/")
	dataset, name := parts[0], parts[2]
	day, err := time.Parse("dt="+time.DateOnly, parts[1])
	if err != nil {
		return "move it out of the lake"
	}
	pulled, imported := map[string]bool{}, map[string]bool{}
	for _, e := range v.vouch {
		switch {
		case dataset == "ledger" && fileName(e.Subject) != name:
		case dataset != "ledger" && !concerns(&e, dataset, name):
		case e.Source == "file":
			imported[e.Subject] = true
		default:
			pulled[e.Subject] = true
		}
	}
	if len(pulled)+len(imported) == 0 {
		for held := range v.held {
			if _, subject, _ := strings.Cut(held, " "); fileName(subject) == name {
				pulled[subject] = true
			}
		}
	}
	var ways []string
	if len(pulled) > 0 {
		ways = append(ways, v.pull(slices.Sorted(maps.Keys(pulled)), day))
	}
	if len(imported) > 0 {
		ways = append(ways, "sizewise import --lake "+quoted(v.dir)+" FILE, with each file that brought "+
			dataset+" of "+strings.Join(slices.Sorted(maps.Keys(imported)), ", "))
	}
	if len(ways) == 0 {
		return "nothing else in the lake tells what it held: move it out of the lake, then ingest or import " + day.Format(time.DateOnly) + " again"
	}
	return strings.Join(ways, "; and ")
}

// pull is the command that pulls a day of subjects again.
func (v *verifier) pull(subjects []string, day time.Time) string {
	words := []string{"sizewise", "ingest"}
	for _, s := range subjects {
		words = append(words, quoted(s))
	}
	words = append(words, "--lake", quoted(v.dir),
		"--start", day.Format(time.RFC3339), "--end", day.AddDate(0, 0, 1).Format(time.RFC3339), "--refetch")
	return strings.Join(words, " ")
}

// quoted is a word as a shell takes it.
func quoted(s string) string {
	plain := func(r rune) bool { return isPlain(r) || strings.ContainsRune("/.-=:,@%+", r) }
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
