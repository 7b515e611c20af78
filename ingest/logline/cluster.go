package logline

import "strings"

// stripShortDate reads "26/11/20 14:03:12 INFO Class: message", as Spark prints it.
func (l *Line) stripShortDate() bool {
	if !shape(l.Text, "dd/dd/dd dd:dd:dd ") {
		return false
	}
	level, n := levelWord(l.Text[18:])
	rest := l.Text[18+n:]
	if n == 0 || rest == "" || rest[0] != ' ' {
		return false
	}
	l.Level, l.Text = level, rest[1:]
	if logger, text, ok := strings.Cut(l.Text, ": "); ok && isLoggerName(logger) {
		l.Logger, l.Text = logger, text
	}
	l.name("spark")
	return true
}

// stripRank reads "[rank3]:", which torchrun puts before what a process prints.
func (l *Line) stripRank() bool {
	rest, ok := strings.CutPrefix(l.Text, "[rank")
	if !ok {
		return false
	}
	n := digits(rest)
	if n == 0 || !strings.HasPrefix(rest[n:], "]:") {
		return false
	}
	l.Thread, l.Text = l.Text[1:len("[rank")+n], strings.TrimPrefix(rest[n+2:], " ")
	l.name("torchrun")
	return true
}

// stripNCCL reads "host:12:34 [0] NCCL INFO message", perhaps with a source file
// before NCCL.
func (l *Line) stripNCCL() bool {
	head := l.Text[:min(len(l.Text), 160)]
	at := strings.IndexByte(head, ' ')
	if at < 4 || at+1 == len(head) || !isDigit(head[at-1]) || head[at+1] != '[' {
		return false
	}
	from := strings.Index(head, " NCCL ")
	if from < 0 {
		return false
	}
	level, n := levelWord(l.Text[from+6:])
	rest := l.Text[from+6+n:]
	if n == 0 || rest == "" || rest[0] != ' ' {
		return false
	}
	l.Level, l.Logger, l.Thread, l.Text = level, "NCCL", l.Text[:at], rest[1:]
	l.name("nccl")
	return true
}

// stripLogfmt reads time="..." level=error msg="...", as Go's loggers print it.
func (l *Line) stripLogfmt() bool {
	if !strings.HasPrefix(l.Text, "time=") && !strings.HasPrefix(l.Text, "level=") && !strings.HasPrefix(l.Text, "ts=") {
		return false
	}
	_, value, ok := strings.Cut(l.Text, "level=")
	value, _, _ = strings.Cut(value, " ")
	level := levelFold(strings.Trim(value, `"`))
	if !ok || level == "" {
		return false
	}
	l.Level = level
	if _, text, ok := strings.Cut(l.Text, ` msg=`); ok {
		if quoted, ok := strings.CutPrefix(text, `"`); ok {
			text = jsonString(quoted)
		}
		l.Text = text
	}
	l.name("logfmt")
	return true
}

// lettered reads the inside of "[E1119 10:13:11.123456 File.cpp:629]", in
// which c10 puts a date since it has one.
func (l *Line) lettered(in string) bool {
	if len(in) < 16 || levelLetter(in[0]) == "" || !shape(in[1:], "dddd dd:dd:dd.") {
		return false
	}
	at := strings.LastIndexByte(in, ' ')
	file, line, ok := strings.Cut(in[at+1:], ":")
	if !ok || line == "" || digits(line) != len(line) {
		return false
	}
	l.Level, l.Logger = levelLetter(in[0]), file
	l.name("c10")
	return true
}

// isRank reports whether s is what a server puts behind its date to tell its
// processes apart, such as TP0 or DP1 TP0.
func isRank(s string) bool {
	if len(s) > 24 {
		return false
	}
	for word := range strings.FieldsSeq(s) {
		if len(word) < 3 || !isUpper(word[0]) || !isUpper(word[1]) || digits(word[2:]) != len(word)-2 {
			return false
		}
	}
	return s != ""
}
