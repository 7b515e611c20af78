// Package plot draws the figures of a report as PNG from plain series.
//
// It knows nothing of findings, files or Markdown: a figure is a struct of
// numbers and short labels, and its WritePNG method draws it. All figures share
// one theme: 800 points wide at two pixels a point, sans-serif type of at least
// 12 points, colours that differ in hue, luminance and dash pattern so that they
// survive colour blindness and a grey printer, limits drawn and labelled, and
// labels beside the data and never on it.
//
// # Missing values
//
// A value that was not measured is NaN, and a line breaks there: missing is not
// zero. A bucket that is absent from the time axis breaks the line as well.
//
// # Determinism
//
// A figure is a function of its fields: the same struct gives the same bytes.
package plot
