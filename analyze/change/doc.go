// Package change finds what changed from night to night in series of hours: a
// level that moved, for good or for some hours, by more than nights differ.
//
// Every series is compared with what it would have been: at the same weekday and
// hour, at the same load, or at its own level. What is left over is judged by
// how much whole days and parts of days wander in the nights before, so that
// noise that lasts, and days that differ, are no changes. The noise of series of
// one family is moderated towards the family's (Smyth 2004), the tests of one
// night are corrected for each other (Benjamini and Hochberg 1995), and a change
// must also be large enough to matter.
//
// Nights are replayed from the first on: a change that is found moves the level
// that later nights are compared with. So what is said of a night depends on the
// series alone, and never on what was said of the nights before.
package change
