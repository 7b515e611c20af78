package price

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxTable is how many bytes of a table are read: several times what every price of
// every region takes.
const maxTable = 16 << 20

// maxUSD is the highest price per hour that is believed: hundreds of times that
// of the largest instance.
const maxUSD = 100_000

// columns are the names of a table's columns, in their order.
func columns() []string {
	return []string{"region", "instance_type", "use", "usd_per_hour", "as_of", "source"}
}

// LineError is a row that cannot be used, by its line.
type LineError struct {
	Line int // 1-based
	Err  error
}

// Error names the line.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap is what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

// Read reads a table: CSV whose first line names the columns region,
// instance_type, use, usd_per_hour, as_of (YYYY-MM-DD) and source, in this order,
// and then one row a price. Lines that begin with # are comments, and a byte order
// mark is skipped. A row that is malformed or repeats another, or a table without
// rows, is an error; those of rows wrap *LineError.
func Read(r io.Reader) (*Book, error) {
	limited := &io.LimitedReader{R: r, N: maxTable + 1}
	buffered := bufio.NewReader(limited)
	if mark, _ := buffered.Peek(3); bytes.Equal(mark, []byte("\uFEFF")) {
		_, _ = buffered.Discard(len(mark)) // they were peeked
	}
	c := csv.NewReader(buffered)
	c.Comment, c.FieldsPerRecord, c.ReuseRecord = '#', -1, true
	t := table{seen: map[Price]int{}}
	for {
		row, err := c.Read()
		if limited.N <= 0 {
			return nil, fmt.Errorf("reading prices: more than %d MiB", maxTable>>20)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading prices: %w", lined(err))
		}
		line, _ := c.FieldPos(0)
		if err := t.add(line, row); err != nil {
			return nil, fmt.Errorf("reading prices: %w", &LineError{line, err})
		}
	}
	if len(t.prices) == 0 {
		return nil, errors.New("reading prices: the table has no rows")
	}
	slices.SortFunc(t.prices, compare)
	return &Book{prices: t.prices}, nil
}

// lined takes the CSV reader's words for a line and puts them into ours.
func lined(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &LineError{parse.Line, parse.Err}
	}
	return err
}

// table is a table while it is read.
type table struct {
	headed bool
	prices []Price
	seen   map[Price]int // what a price is for, and its line
}

func (t *table) add(line int, row []string) error {
	if !t.headed {
		t.headed = true
		if !slices.Equal(row, columns()) {
			return fmt.Errorf("the columns are not %s", strings.Join(columns(), ","))
		}
		return nil
	}
	p, err := parse(row)
	if err != nil {
		return err
	}
	key := Price{Region: p.Region, InstanceType: p.InstanceType, Use: p.Use}
	if first, ok := t.seen[key]; ok {
		return fmt.Errorf("%s for %s in %s has a price on line %d already", p.InstanceType, p.Use, p.Region, first)
	}
	t.seen[key] = line
	t.prices = append(t.prices, p)
	return nil
}

// parse reads one row.
func parse(row []string) (Price, error) {
	if len(row) != len(columns()) {
		return Price{}, fmt.Errorf("%d columns, want %d", len(row), len(columns()))
	}
	p := Price{Region: strings.Clone(row[0]), InstanceType: strings.Clone(row[1]), Use: Use(strings.Clone(row[2])), Source: strings.Clone(row[5])}
	var err error
	if p.USDPerHour, err = parseUSD(row[3]); err != nil {
		return Price{}, err
	}
	if p.AsOf, err = time.Parse(time.DateOnly, row[4]); err != nil {
		return Price{}, fmt.Errorf("as_of %s is not a date such as 2026-11-20", quoted(row[4]))
	}
	return p, p.check()
}

// parseUSD reads a plain decimal number: no exponent, sign or separator.
func parseUSD(s string) (float64, error) {
	plain := s != "" && strings.Trim(s, "0123456789.") == ""
	v, err := strconv.ParseFloat(s, 64)
	if !plain || err != nil {
		return 0, fmt.Errorf("usd_per_hour %s is not a price such as 0.23", quoted(s))
	}
	return v, nil
}

// check says what is wrong with a price.
func (p Price) check() error {
	switch {
	case !named(p.Region) || strings.Count(p.Region, "-") < 2:
		return fmt.Errorf("region %s is not one such as us-east-1", quoted(p.Region))
	case !named(p.InstanceType) || !strings.HasPrefix(p.InstanceType, "ml.") || strings.Count(p.InstanceType, ".") != 2:
		return fmt.Errorf("instance_type %s is not one such as ml.m5.xlarge", quoted(p.InstanceType))
	case !slices.Contains(Uses(), p.Use):
		return fmt.Errorf("use %s is none of hosting, training, processing, transform", quoted(string(p.Use)))
	case math.IsNaN(p.USDPerHour) || p.USDPerHour <= 0 || p.USDPerHour > maxUSD:
		return fmt.Errorf("usd_per_hour %v is not above 0 and at most %d", p.USDPerHour, maxUSD)
	case !p.AsOf.Equal(p.AsOf.UTC().Truncate(24 * time.Hour)), p.AsOf.Year() < 2017 || p.AsOf.Year() > 9999:
		return fmt.Errorf("as_of %s is not a day since 2017, when SageMaker began", p.AsOf.UTC().Format(time.RFC3339))
	case !printable(p.Source):
		return fmt.Errorf("source %s is not a line of text up to 300 characters", quoted(p.Source))
	}
	return nil
}

// named reports whether s is a name of lower-case letters, digits, dots and
// dashes, of a length that names have.
func named(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
}

// printable reports whether s is one line that a table and a terminal can show.
func printable(s string) bool {
	if s == "" || !utf8.ValidString(s) || utf8.RuneCountInString(s) > 300 || strings.TrimSpace(s) != s {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// quoted is what a row says, cut to what a message can bear.
func quoted(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "..."
	}
	return strconv.Quote(s)
}

// Write writes the book as a table that Read reads, with comment as lines that
// begin with #. The same book gives the same bytes. Errors are those of w.
func (b *Book) Write(w io.Writer, comment ...string) error {
	var out bytes.Buffer
	for _, line := range comment {
		fmt.Fprintf(&out, "# %s\n", strings.Join(strings.Fields(line), " "))
	}
	c := csv.NewWriter(&out)
	rows := [][]string{columns()}
	for _, p := range b.Prices() {
		rows = append(rows, []string{
			p.Region, p.InstanceType, string(p.Use),
			strconv.FormatFloat(p.USDPerHour, 'f', -1, 64), p.AsOf.Format(time.DateOnly), p.Source,
		})
	}
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("writing prices: %w", err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("writing prices: %w", err)
	}
	return nil
}
