// Package analyze answers from a lake what an endpoint can take, what stops it,
// what went wrong and what it should run on.
//
// [Run] opens the lake, reads the evidence through named queries, hands it to
// package capacity for judgement, and returns a [finding.Set]. It looks at
// nothing but the lake and its options: no clock, no AWS. The same lake and the
// same options give the same set.
package analyze
