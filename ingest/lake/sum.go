package lake

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// Every file that this package writes carries, as a key and value of its footer,
// the CRC-32C of all its bytes, taken with zeros in the place of the digits. So
// the sum is a function of the rows, as the file is; it is there as soon as the
// file is, and goes where the file goes; other readers of Parquet pass over it.
const (
	sumKey    = "sizewise.crc32c"
	sumDigits = 8
	sumBlank  = "00000000"
)

// sumWriter passes on what is written and sums it. Once held, it keeps what
// comes, so that the sum can be put into it.
type sumWriter struct {
	out   *bufio.Writer
	table *crc32.Table
	sum   uint32
	tail  *bytes.Buffer // nil while bytes are passed on
}

func newSumWriter(out *bufio.Writer) *sumWriter {
	return &sumWriter{out: out, table: castagnoli()}
}

// Write sums p and passes it on, or keeps it once held.
func (w *sumWriter) Write(p []byte) (int, error) {
	w.sum = crc32.Update(w.sum, w.table, p)
	if w.tail != nil {
		return w.tail.Write(p)
	}
	return w.out.Write(p)
}

// hold keeps what is written from now on: the footer.
func (w *sumWriter) hold() { w.tail = &bytes.Buffer{} }

// release puts the sum into what was kept, and passes it on.
func (w *sumWriter) release() error {
	tail := w.tail.Bytes()
	at := digitsIn(tail)
	if at < 0 {
		return errors.New("the footer has no room for a checksum")
	}
	copy(tail[at:], fmt.Sprintf("%08x", w.sum))
	_, err := w.out.Write(tail)
	return err
}

// digitsIn is where the digits of the sum lie in the end of a file, or -1. In a
// footer they come after all that is data's, so the last place is the one.
func digitsIn(tail []byte) int {
	// The value follows its key: a byte of type and one of length between.
	const between = 2
	key := bytes.LastIndex(tail, []byte(sumKey))
	if key < 0 || len(tail) < key+len(sumKey)+between+sumDigits {
		return -1
	}
	return key + len(sumKey) + between
}

// errSum says that a file is not as it was written.
var errSum = errors.New("its checksum does not fit: its bytes changed after it was written")

// maxFooter bounds what is read as a footer.
const maxFooter = 256 << 20

// checkSum reads the file at path to its end and compares its bytes with the sum
// that it carries. known is false where it carries none, as foreign files do.
//
// Errors: errSum, and those of reading.
func checkSum(path string) (known bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	at, want, err := findSum(f)
	if err != nil || at < 0 {
		return false, err
	}
	sum, table := uint32(0), castagnoli()
	add := func(p []byte) { sum = crc32.Update(sum, table, p) }
	if err := eachBlock(io.NewSectionReader(f, 0, at), add); err != nil {
		return true, err
	}
	add([]byte(sumBlank))
	if err := eachBlock(io.NewSectionReader(f, at+sumDigits, 1<<62), add); err != nil {
		return true, err
	}
	if fmt.Sprintf("%08x", sum) != want {
		return true, errSum
	}
	return true, nil
}

// eachBlock gives the bytes of r to add, in blocks.
func eachBlock(r io.Reader, add func([]byte)) error {
	block := make([]byte, 64<<10)
	for {
		n, err := r.Read(block)
		add(block[:n])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// findSum is where the digits of a file's sum are, and what they are; -1 where
// it has none or is no Parquet file.
func findSum(f *os.File) (at int64, digits string, err error) {
	const ending = 8 // length of the footer, magic number
	info, err := f.Stat()
	if err != nil {
		return -1, "", err
	}
	var end [ending]byte
	if info.Size() < ending {
		return -1, "", nil
	}
	if _, err := f.ReadAt(end[:], info.Size()-ending); err != nil {
		return -1, "", err
	}
	size := min(int64(binary.LittleEndian.Uint32(end[:])), info.Size()-ending, maxFooter)
	tail := make([]byte, size)
	start := info.Size() - ending - size
	if _, err := f.ReadAt(tail, start); err != nil {
		return -1, "", err
	}
	in := digitsIn(tail)
	if in < 0 {
		return -1, "", nil
	}
	return start + int64(in), string(tail[in : in+sumDigits]), nil
}
