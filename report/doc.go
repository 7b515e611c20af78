// Package report turns a finding.Set into files: report.md, its figures as PNG,
// findings.json and, when asked, one report.html that opens offline.
//
// A report is a pure function of the set and the options: it reads no clock, no
// environment and no lake, and the same set gives the same bytes. Every number
// in it comes from the set; what is missing there is said to be missing here.
// Text that came from logs, names and error messages is data: it is escaped for
// Markdown, and through Markdown for HTML.
package report
