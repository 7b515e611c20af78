package main

import (
	"sizewise/ingest/subject"
)

// parseSubject reads a SUBJECT argument; what cannot be meant is a usage error.
func parseSubject(s string) (subject.Subject, error) {
	sub, err := subject.Parse(s)
	if err != nil {
		return subject.Subject{}, usagef("", "%s", err)
	}
	return sub, nil
}
