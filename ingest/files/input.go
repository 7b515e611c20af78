package files

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/gzip"
)

const (
	bufferSize = headSize
	maxLayers  = 3        // gzip in gzip in gzip
	freeBytes  = 16 << 20 // what a file may unpack to whatever its ratio
	maxDigest  = 1 << 30  // what is read of a file that was given up, to name it
)

// input is a file behind its layers of compression. It hashes and counts the
// bytes as stored and bounds what they unpack to.
type input struct {
	name string
	raw  *counted
	top  *bufio.Reader // decompressed; nil until open
	err  error         // why it could not be opened
	o    Options
}

// counted hashes and counts what it reads.
type counted struct {
	r   io.Reader
	sum hash.Hash
	n   int64
}

// Read counts what passes.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.sum.Write(p[:n])
	c.n += int64(n)
	return n, err
}

func newInput(r io.Reader, name string, o Options) *input {
	return &input{name: name, raw: &counted{r: r, sum: sha256.New()}, o: o}
}

// open looks for gzip, layer by layer, when that was not done before.
func (in *input) open() error {
	if in.top == nil && in.err == nil {
		in.err = in.unpack()
	}
	return in.err
}

func (in *input) unpack() error {
	br := bufio.NewReaderSize(in.raw, bufferSize)
	for range maxLayers {
		head, err := br.Peek(2)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(head) < 2 || head[0] != 0x1f || head[1] != 0x8b {
			break
		}
		br = bufio.NewReaderSize(&bounded{r: &members{br: br}, in: in}, bufferSize)
	}
	in.top = br
	return nil
}

// Read is the file after decompression.
func (in *input) Read(p []byte) (int, error) {
	if err := in.open(); err != nil {
		return 0, err
	}
	return in.top.Read(p)
}

// digest reads the rest of the file as stored and returns the hash of all of
// it, so that a file is known by its content also when it could not be read to
// its end.
func (in *input) digest() string {
	// What cannot be read is not content: the hash of what can be names it.
	_, _ = io.CopyN(io.Discard, in.raw, maxDigest)
	return hex.EncodeToString(in.raw.sum.Sum(nil))
}

// bounded limits what one layer unpacks to.
type bounded struct {
	r   io.Reader
	in  *input
	n   int64
	err error // the first one: reading on behind it would find other bytes
}

// Read ends with a *LimitError where the bound is.
func (b *bounded) Read(p []byte) (n int, err error) {
	if b.err != nil {
		return 0, b.err
	}
	defer func() { b.err = err }()
	n, err = b.r.Read(p)
	b.n += int64(n)
	o := b.in.o
	switch {
	case b.n > o.MaxBytes:
		return n, &LimitError{What: "bytes", Limit: o.MaxBytes}
	case b.n > freeBytes && b.n/o.MaxRatio > b.in.raw.n:
		return n, &LimitError{What: "times its size", Limit: o.MaxRatio}
	}
	return n, err
}

// members reads gzip members one after the other. Between them there may be
// line breaks, which Firehose adds when asked to, and behind them plain text.
type members struct {
	br    *bufio.Reader
	zr    *gzip.Reader
	plain bool
	n     int // members read
}

// Read joins the members of a gzip file.
func (m *members) Read(p []byte) (int, error) {
	if m.plain {
		return m.br.Read(p)
	}
	for {
		if m.zr == nil || m.n == 0 {
			if err := m.next(); err != nil {
				return 0, err
			}
			if m.plain {
				return m.br.Read(p)
			}
		}
		n, err := m.zr.Read(p)
		if errors.Is(err, io.EOF) {
			m.n = 0
			if n == 0 {
				continue
			}
			return n, nil
		}
		if err != nil {
			err = corrupt(err)
		}
		return n, err
	}
}

// next starts the next member; io.EOF when there is none.
func (m *members) next() error {
	for {
		c, err := m.br.ReadByte()
		if err != nil {
			return err
		}
		if m.zr != nil && (c == '\n' || c == '\r' || c == ' ') {
			continue
		}
		if err := m.br.UnreadByte(); err != nil {
			return err
		}
		break
	}
	if head, _ := m.br.Peek(1); m.zr != nil && head[0] != 0x1f {
		m.plain = true
		return nil
	}
	var err error
	if m.zr == nil {
		m.zr, err = gzip.NewReader(m.br)
	} else {
		err = m.zr.Reset(m.br)
	}
	if err != nil {
		m.zr = nil
		return corrupt(err)
	}
	m.zr.Multistream(false)
	m.n = 1
	return nil
}

// corrupt says what is wrong with a gzip stream. A LimitError of a layer below
// stays what it is.
func corrupt(err error) error {
	var limit *LimitError
	switch {
	case errors.As(err, &limit):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("truncated gzip: %w", io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("corrupt gzip: %w", err)
}
