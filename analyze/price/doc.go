// Package price holds what SageMaker instances cost, as a user's table or AWS's
// price list said on some day. No price is built in: a [Book] comes from a CSV
// file, and each of its rows says where it is from and as of when. Prices move,
// so a row that is older than [WarnAfter] is used with a warning and one that is
// older than [RefuseAfter] is not used.
package price
