package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// formatKnown is the newest lake format that the views can read.
const formatKnown = 1

// findLake returns the absolute path of the lake at dir, links resolved.
func findLake(dir string) (string, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("finding lake %s: %w", dir, err)
	}
	path, err = filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", &NotFoundError{Dir: dir}
	}
	if err != nil {
		return "", fmt.Errorf("finding lake %s: %w", dir, err)
	}
	b, err := os.ReadFile(filepath.Join(path, "lake.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", &NotFoundError{Dir: dir}
	}
	if err != nil {
		return "", fmt.Errorf("reading the lake's format: %w", err)
	}
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(b, &head); err != nil || head.Format < 1 {
		return "", fmt.Errorf("reading the lake's format: %s is damaged: want {\"format\":%d}", filepath.Join(dir, "lake.json"), formatKnown)
	}
	if head.Format > formatKnown {
		return "", &FormatError{Dir: dir, Have: head.Format, Know: formatKnown}
	}
	return path, nil
}

// hasFiles reports whether a dataset of the lake, a file or a directory of
// day directories, holds any Parquet file.
func hasFiles(lake, dataset string) (bool, error) {
	path := filepath.Join(lake, dataset)
	if strings.HasSuffix(dataset, ".parquet") {
		_, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return err == nil, err
	}
	days, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("listing dataset %s: %w", dataset, err)
	}
	for _, day := range days {
		if !day.IsDir() || !strings.HasPrefix(day.Name(), "dt=") {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(path, day.Name()))
		if err != nil {
			return false, fmt.Errorf("listing dataset %s: %w", dataset, err)
		}
		for _, entry := range entries {
			if strings.HasSuffix(entry.Name(), ".parquet") {
				return true, nil
			}
		}
	}
	return false, nil
}
