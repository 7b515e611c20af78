// Package pattern finds the templates of log messages: which words of a message
// are its own and which are values that the program filled in.
//
// Mining has two stages. The first masks every line on its own into a skeleton
// and is not here. The second, [Mine], looks at the unique skeletons together
// with how often each came: words that change where all others stay are values.
// Its cost depends on the number of unique skeletons and not on that of lines,
// and its result on neither the order of the lines nor on who counted them.
package pattern
