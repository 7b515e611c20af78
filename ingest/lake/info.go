package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// Info is what a lake holds.
type Info struct {
	Dir      string        `json:"dir"`
	Format   int           `json:"format"`
	Bytes    int64         `json:"bytes"` // of all Parquet files
	Datasets []DatasetInfo `json:"datasets"`
}

// DatasetInfo is what one dataset holds.
type DatasetInfo struct {
	Name       string    `json:"name"` // metrics, logs, requests, resources, ledger
	Files      int       `json:"files"`
	Days       int       `json:"days"`
	Rows       int64     `json:"rows"`
	Bytes      int64     `json:"bytes"`
	First      time.Time `json:"first"`      // of the rows' timestamps, UTC; zero when there are none
	Last       time.Time `json:"last"`       // the latest of them
	Keys       []string  `json:"keys"`       // subjects, or of logs the log groups, sorted
	Unreadable []string  `json:"unreadable"` // files that are no Parquet files, relative to Dir
}

// ManyFiles is how many files of one dataset a query should not have to list: a
// file costs each query about 0.1 ms.
const ManyFiles = 1000

// ReadInfo says what the lake at dir holds, from directories and file footers
// alone. It takes no lock.
//
// Errors: those of Check, and a directory that cannot be read.
func ReadInfo(ctx context.Context, dir string) (Info, error) {
	if err := Check(dir); err != nil {
		return Info{}, err
	}
	info := Info{Dir: dir, Format: Format}
	for _, name := range datasets() {
		d, err := datasetInfo(ctx, dir, name)
		if err != nil {
			return Info{}, err
		}
		info.Datasets = append(info.Datasets, d)
		info.Bytes += d.Bytes
	}
	return info, nil
}

func datasetInfo(ctx context.Context, dir, name string) (DatasetInfo, error) {
	d := DatasetInfo{Name: name}
	paths, err := dayFiles(dir, name)
	if err != nil {
		return d, err
	}
	keys, days, all := map[string]bool{}, map[string]bool{}, noTime()
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return d, err
		}
		d.Files++
		days[filepath.Dir(path)] = true
		if at, err := os.Stat(path); err == nil {
			d.Bytes += at.Size()
		}
		f, err := readFooter(path, name)
		if err != nil {
			d.Unreadable = append(d.Unreadable, relativeTo(dir, path))
			continue
		}
		d.Rows += f.rows
		if f.span != noTime() {
			all.include(f.span.first)
			all.include(f.span.last)
		}
		for _, k := range f.keys {
			keys[k] = true
		}
	}
	d.Days, d.Keys = len(days), slices.Sorted(maps.Keys(keys))
	if all != noTime() {
		d.First, d.Last = time.UnixMicro(all.first).UTC(), time.UnixMicro(all.last).UTC()
	}
	return d, nil
}

// dayFiles are the Parquet files of a dataset, sorted.
func dayFiles(dir, dataset string) ([]string, error) {
	top := filepath.Join(dir, dataset)
	days, err := os.ReadDir(top)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", top, err)
	}
	var out []string
	for _, day := range days {
		if !day.IsDir() || !strings.HasPrefix(day.Name(), "dt=") {
			continue
		}
		names, err := os.ReadDir(filepath.Join(top, day.Name()))
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", day.Name(), err)
		}
		for _, n := range names {
			if filepath.Ext(n.Name()) == extension {
				out = append(out, filepath.Join(top, day.Name(), n.Name()))
			}
		}
	}
	return out, nil
}

// footer is what the footer of a file tells.
type footer struct {
	rows    int64
	groups  int
	ours    bool     // written by this package
	summed  bool     // it carries a checksum
	small   bool     // it has row groups, not the last, of less than a quarter of what they may have
	columns []string // name and type of each leaf
	span    span     // of timestamps, noTime where there are none
	keys    []string // least and greatest key that it is named by, where known
}

// keyColumn is the column that a dataset's files are named by.
func keyColumn(dataset string) string {
	if dataset == "logs" {
		return "log_group"
	}
	return "subject"
}

// clockColumn is the column that decides a row's day.
func clockColumn(dataset string) string {
	switch dataset {
	case "resources":
		return "as_of"
	case "ledger":
		return "window_start"
	}
	return "ts"
}

// creator is what footers say of files that this package wrote in their present
// form. In the first, metrics lay by their names and not by their dimensions.
const creator = "sizewise version 2"

// readFooter reads the footer of a file of a dataset.
func readFooter(path, dataset string) (f footer, err error) {
	r, err := openReader(path)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	err = guarded(func() error {
		meta := r.pq.MetaData()
		f = footer{rows: r.pq.NumRows(), groups: r.pq.NumRowGroups(), ours: meta.GetCreatedBy() == creator, span: noTime()}
		f.summed = meta.KeyValueMetadata().FindValue(sumKey) != nil
		for i := range meta.Schema.NumColumns() {
			c := meta.Schema.Column(i)
			f.columns = append(f.columns, c.Path()+" "+c.PhysicalType().String())
		}
		return f.readBounds(r.pq, dataset)
	})
	return f, err
}

func (f *footer) readBounds(pq *file.Reader, dataset string) error {
	keys, least := map[string]bool{}, int64(groupRows/4)
	if dataset == "metrics" {
		least = leastOfDimSet
	}
	for g := range pq.NumRowGroups() {
		rg := pq.RowGroup(g).MetaData()
		if g+1 < pq.NumRowGroups() && rg.NumRows() < least && rg.TotalByteSize() < groupBytes/4 {
			f.small = true
		}
		stats, err := columnStats(pq, g, clockColumn(dataset))
		if err != nil {
			return err
		}
		if ts, ok := stats.(*metadata.Int64Statistics); ok && ts.HasMinMax() {
			f.span.include(ts.Min())
			f.span.include(ts.Max())
		}
		if stats, err = columnStats(pq, g, keyColumn(dataset)); err != nil {
			return err
		}
		if key, ok := stats.(*metadata.ByteArrayStatistics); ok && key.HasMinMax() {
			keys[string(key.Min())] = true
			keys[string(key.Max())] = true
		}
	}
	f.keys = slices.Sorted(maps.Keys(keys))
	return nil
}

// columnStats are the statistics of a column in row group g, nil where there are
// none.
func columnStats(pq *file.Reader, g int, column string) (metadata.TypedStatistics, error) {
	i := pq.MetaData().Schema.ColumnIndexByName(column)
	if i < 0 {
		return nil, nil
	}
	c, err := pq.RowGroup(g).MetaData().ColumnChunk(i)
	if err != nil {
		return nil, err
	}
	if set, err := c.StatsSet(); err != nil || !set {
		return nil, err
	}
	return c.Statistics()
}

// relativeTo is path as seen from dir, with slashes.
func relativeTo(dir, path string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}
