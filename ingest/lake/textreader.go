package lake

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// cells is room for the text of one column of a batch, until the next one's.
func (r *reader) cells(n int) []string {
	r.out = grow(r.out[:0], n)
	return r.out
}

// strings reads n cells of a text column, "" where null. Text that repeats is
// shared.
func (r *reader) strings(path string, repeats bool, out []string) error {
	c, ok, err := chunk[*file.ByteArrayColumnChunkReader](r, path)
	if err != nil {
		return err
	}
	if !ok {
		fill(out, "")
		return nil
	}
	r.def = grow(r.def[:0], len(out))
	r.text = grow(r.text[:0], len(out))
	optional := c.Descriptor().MaxDefinitionLevel() > 0
	for done := 0; done < len(out); {
		rows, present, err := c.ReadBatchInPage(int64(len(out)-done), r.text, r.def, nil)
		if err != nil {
			return fmt.Errorf("column %s: %w", path, err)
		}
		if rows == 0 {
			return fmt.Errorf("column %s ends after %d of %d rows", path, done, len(out))
		}
		if repeats {
			r.share(path, out[done:done+int(rows)], r.text[:present], optional)
		} else {
			r.copy(out[done:done+int(rows)], r.text[:present], optional)
		}
		done += int(rows)
	}
	return nil
}

// copy turns the bytes of one page into strings of their own.
func (r *reader) copy(out []string, text []parquet.ByteArray, optional bool) {
	var fresh strings.Builder
	value := 0
	for i := range out {
		if optional && r.def[i] == 0 {
			out[i] = ""
			continue
		}
		out[i] = cut(&fresh, text[value])
		value++
	}
}

// Of a column so many distinct strings are kept to be shared, of so many bytes
// each.
const (
	shared      = 4096
	sharedBytes = 1024
)

// share turns the bytes of one page into strings. Strings seen before are
// reused; the others are cut from one allocation.
func (r *reader) share(path string, out []string, text []parquet.ByteArray, optional bool) {
	known := r.known[path]
	if known == nil {
		known = map[string]string{}
		r.known[path] = known
	}
	var fresh strings.Builder
	last := ""
	value := 0
	for i := range out {
		if optional && r.def[i] == 0 {
			out[i] = ""
			continue
		}
		b := text[value]
		value++
		if string(b) != last {
			s, ok := known[string(b)]
			if !ok {
				s = cut(&fresh, b)
				if len(known) < shared && len(s) <= sharedBytes {
					s = strings.Clone(s)
					known[s] = s
				}
			}
			last = s
		}
		out[i] = last
	}
}

// cut appends b to the builder and returns the part that holds it.
func cut(b *strings.Builder, text []byte) string {
	if b.Cap()-b.Len() < len(text) {
		*b = strings.Builder{}
		b.Grow(max(64<<10, len(text)))
	}
	start := b.Len()
	b.Write(text)
	return b.String()[start:]
}
