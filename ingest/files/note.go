package files

import (
	"fmt"
	"strings"

	"sizewise/ingest/lake"
)

// Note is what is to be known of a file whose records are well formed: some say
// not enough to be used, something is missing from them, or nothing in it is
// meant for the lake. Equal ones of a file are one.
type Note struct {
	File    string `json:"file"`
	Line    int64  `json:"line"` // of the first, from 1, after decompression; 0 of the file as a whole
	Count   int64  `json:"count"`
	Skipped bool   `json:"skipped"` // the records that it is about were skipped
	Reason  string `json:"reason"`

	kind string // equal for notes that are one
}

// String is file:line: reason.
func (n *Note) String() string {
	text := n.File
	if n.Line > 0 {
		text = fmt.Sprintf("%s:%d", n.File, n.Line)
	}
	text += ": " + n.Reason
	if n.Count > 1 {
		text += fmt.Sprintf("; and %d more like it", n.Count-1)
	}
	return text
}

func (*Note) record() {}

// mostNotes bounds the different notes of one file that are kept.
const mostNotes = 100

// addNote takes a note into the tally of its file.
func (im *importer) addNote(t *tally, n *Note) {
	if n.Skipped {
		im.sum.Skipped++
		t.skipped++
	}
	kind := n.kind
	if kind == "" {
		kind = withoutDigits(n.Reason)
	}
	for _, known := range t.notes {
		if known.kind == kind {
			known.Count++
			return
		}
	}
	if len(t.notes) == mostNotes {
		return
	}
	own := *n
	own.kind, own.Count = kind, 1
	t.notes = append(t.notes, &own)
}

// withoutDigits is equal for reasons that differ in their numbers only.
func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// tellNotes hands out what was noted, file by file, when all of it is known.
func (im *importer) tellNotes() {
	for _, t := range im.tallies {
		for _, n := range t.notes {
			im.tell(n)
		}
	}
}

// tell hands out one note.
func (im *importer) tell(n *Note) {
	if len(im.sum.Notes) < mostNotes {
		im.sum.Notes = append(im.sum.Notes, n)
	}
	if im.o.OnNote != nil {
		im.o.OnNote(n)
	}
}

// plural prints n with its noun.
func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// weightOf is how many requests a row stands for.
func weightOf(r *lake.Request) int64 { return max(1, r.Weight) }
