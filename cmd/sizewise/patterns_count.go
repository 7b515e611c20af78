package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"

	"sizewise/analyze/pattern"
	"sizewise/ingest/logline"
)

// Bounds of what patterns keeps and looks at, in bytes.
const (
	blockBytes   = 128 << 10 // read at once; a longer line is cut there
	exampleBytes = 400
	headBytes    = 48 // of a line, where its time stands
)

// skeletonCount is what is known of the lines of one skeleton.
type skeletonCount struct {
	text        string
	lines       int64
	levels      [len(levelNames{})]int64
	kind        logline.Kind
	example     string
	first, last [headBytes]byte // how the first and the last line start
}

// levelNames are logline's levels.
type levelNames = [6]string

// lineCounter counts lines by skeleton. Its memory grows with the unique
// skeletons and stops growing at the cap.
type lineCounter struct {
	parser    logline.Parser
	index     map[string]int32 // by skeleton, into skeletons
	skeletons []skeletonCount
	most      int   // cap
	lines     int64 // of any kind
	over      int64 // lines of skeletons beyond the cap
	blank     int64 // lines of nothing, which are in no template
	ids       *bufio.Writer
}

// beyond is the index of lines in no template: blank ones, and those whose
// skeleton came after the cap.
const beyond = -1

func newLineCounter(most int) *lineCounter {
	return &lineCounter{index: map[string]int32{}, most: most}
}

// add counts one line, which was masked as m.
func (c *lineCounter) add(line string, m logline.Masked) error {
	c.lines++
	if len(m.Skeleton) == 0 && strings.TrimSpace(line) == "" {
		c.blank++
		return c.note(beyond)
	}
	i, ok := c.index[string(m.Skeleton)]
	if !ok {
		i = c.insert(line, m)
	}
	if i == beyond {
		c.over++
	} else {
		s := &c.skeletons[i]
		s.lines++
		s.levels[m.Level]++
		if len(line) >= headBytes {
			copy(s.last[:], line[:headBytes])
		} else {
			s.last = [headBytes]byte{}
			copy(s.last[:], line)
		}
	}
	return c.note(i)
}

// note keeps which skeleton a line has, where that is wanted.
func (c *lineCounter) note(i int32) error {
	if c.ids == nil {
		return nil
	}
	_, err := c.ids.Write(binary.LittleEndian.AppendUint32(c.ids.AvailableBuffer(), uint32(i))) //nolint:gosec // read back as int32
	return err
}

// insert makes room for a skeleton that is new.
func (c *lineCounter) insert(line string, m logline.Masked) int32 {
	if len(c.skeletons) >= c.most {
		return beyond
	}
	i := int32(len(c.skeletons)) //nolint:gosec // at most the cap
	text := string(m.Skeleton)
	c.index[text] = i
	example := strings.Clone(line[:min(len(line), exampleBytes)])
	if len(example) < len(line) {
		example += "…"
	}
	s := skeletonCount{text: text, kind: m.Kind, example: example}
	copy(s.first[:], line)
	c.skeletons = append(c.skeletons, s)
	return i
}

// read counts the lines of r, gzip undone.
func (c *lineCounter) read(ctx context.Context, r io.Reader) error {
	plain, err := ungzip(r)
	if err != nil {
		return err
	}
	buf := make([]byte, 0, blockBytes)
	skipping := false
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := plain.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		end := bytes.LastIndexByte(buf, '\n') + 1
		last := errors.Is(err, io.EOF)
		if end == 0 && len(buf) == cap(buf) || last {
			end = len(buf)
		}
		cut := end > 0 && buf[end-1] != '\n' && !last
		var failed error
		if skipping, failed = c.block(string(buf[:end]), skipping, cut); failed != nil {
			return failed
		}
		buf = buf[:copy(buf, buf[end:])]
		switch {
		case last:
			return nil
		case err != nil:
			return err
		}
	}
}

// block counts the lines of s. skip says that s starts inside a line that has
// been counted; cut, that its last line goes on in the next block. It returns
// skip of the next block.
func (c *lineCounter) block(s string, skip, cut bool) (bool, error) {
	if skip {
		at := strings.IndexByte(s, '\n')
		if at < 0 {
			return true, nil
		}
		s = s[at+1:]
	}
	mask := c.parser.MaskPlain
	if logline.Encoded(s) {
		mask = c.parser.Mask
	}
	for s != "" {
		line, rest := s, ""
		if at := strings.IndexByte(s, '\n'); at >= 0 {
			line, rest = s[:at], s[at+1:]
		}
		if n := len(line); n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
		}
		if err := c.add(line, mask(line)); err != nil {
			return false, err
		}
		s = rest
	}
	return cut, nil
}

// ungzip undoes gzip when r starts with its mark.
func ungzip(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, fmt.Errorf("undoing gzip: %w", err)
	}
	return z, nil
}

// templates mines what was counted.
func (c *lineCounter) templates() []pattern.Template {
	skeletons := make([]pattern.Skeleton, len(c.skeletons))
	for i, s := range c.skeletons {
		skeletons[i] = pattern.Skeleton{Text: s.text, Count: s.lines, Fixed: s.kind != logline.Message}
	}
	return pattern.Mine(skeletons)
}
