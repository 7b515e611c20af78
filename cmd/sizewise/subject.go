package main

import (
	"strings"

	"sizewise/ingest/subject"
)

// parseSubject reads a SUBJECT argument; what cannot be meant is a usage error.
func parseSubject(s string) (subject.Subject, error) {
	sub, err := subject.Parse(s)
	if err != nil {
		var kinds []string
		for _, k := range subject.Kinds() {
			kinds = append(kinds, string(k))
		}
		kind, _, named := strings.Cut(s, "/")
		hint := ""
		if named {
			hint = meant(kind, kinds, "", "")
		}
		return subject.Subject{}, usagef(hint, "%s", err)
	}
	return sub, nil
}
