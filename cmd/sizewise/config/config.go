// Package config reads the configuration of sizewise nightly: strict YAML whose
// errors name the place, the line and what would be right. It checks all that
// can be checked without asking anybody.
package config

import (
	"fmt"
	"strings"
	"time"
)

// Nightly is a configuration that was read and checked, defaults filled in.
type Nightly struct {
	Lake     string   // directory
	Reports  string   // directory that a directory a night is made in
	Targets  []Target // accounts and regions; at least one
	Subjects []Subject

	Baseline  int           // nights to compare with, at most
	Backfill  int           // nights to pull before the first
	Compact   bool          // tidy the lake at the end
	KeepLake  int           // days; 0 keeps all
	KeepPages int           // days of reports; 0 keeps all
	Pages     Pages         // which subjects get a report of their own
	MaxCost   float64       // USD a night; 0 is no limit
	MaxTime   time.Duration // of a night; 0 is no limit
	Attempts  int           // of each call of AWS; 0 is the client's own
	Silence   time.Duration // without any answer, after which no more is asked
	FailOn    []FailOn
	Summary   string // Markdown file; "" none
	JUnit     string // XML file; "" none
	Prices    string // CSV file; "" none
}

// Pages says which subjects get a report of their own.
type Pages string

// The choices.
const (
	AllPages     Pages = "all"
	ChangedPages Pages = "changed"
	NoPages      Pages = "none"
)

// FailOn is a reason to end with exit status 3.
type FailOn string

// The reasons: a subject misses its SLO or its peak, something got worse,
// anything changed, a subject published nothing.
const (
	FailSLO        FailOn = "slo"
	FailRegression FailOn = "regression"
	FailChange     FailOn = "change"
	FailSilence    FailOn = "silence"
)

// Target is one account and region.
type Target struct {
	Region, Profile string
	Roles           []string // assumed one after the other
	ExternalID      string   // of the last role
}

// Subject says what to look at and what is wanted of it: either Name is set, or
// Match, Tag or both.
type Subject struct {
	Name  string            // kind/name
	Match string            // kind/GLOB; "" with Tag means endpoint/*
	Tag   map[string]string // all must fit, a value may be a glob
	Wish
}

// Pattern is the kind/GLOB that is looked for; "" for a name.
func (s Subject) Pattern() string {
	if s.Match == "" && s.Tag != nil {
		return "endpoint/*"
	}
	return s.Match
}

// Wish is what is wanted of a subject.
type Wish struct {
	SLO               string
	PeakRPS           float64 // 0: the highest that was served
	Growth            float64 // 0.2 is 20 %
	TargetUtilization float64
	InstanceType      string
	Family            string // what runs of a job are compared as; "" takes the name without its date or number
}

// Error is one thing that is wrong with a file.
type Error struct {
	File string
	Line int    // from 1
	Path string // for example subjects[2].slo; "" the whole file
	What string // what is wrong
	Fix  string // what would be right
}

// Error is one line.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s:%d: ", e.File, e.Line)
	if e.Path != "" {
		s += e.Path + ": "
	}
	s += e.What
	if e.Fix != "" {
		s += "; " + e.Fix
	}
	return s
}

// Errors is everything that is wrong with a file, in its order.
type Errors []*Error

// Error is a line each.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}
