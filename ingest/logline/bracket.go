package logline

import "strings"

// stripBrackets reads groups in brackets: gunicorn's date, process and level,
// nginx's and DJL's level, XGBoost's date with level, the built-in algorithms'
// date, level and thread, c10's letter and file, and mpirun's rank.
func (l *Line) stripBrackets() bool {
	before, groups, leveled := l.Text, 0, false
	for groups < 4 && strings.HasPrefix(l.Text, "[") {
		end := strings.IndexByte(l.Text[:min(len(l.Text), 120)], ']')
		if end < 0 || !l.group(l.Text[1:end], l.Text[end+1:]) {
			break
		}
		groups++
		if l.Level != "" && !leveled && isLevelGroup(before[1:strings.IndexByte(before, ']')]) {
			leveled = true
		}
	}
	if groups == 0 {
		return false
	}
	if groups >= 2 && l.Level != "" && l.Parser == "bracket" && (before[1] >= '0' && before[1] <= '9') {
		l.Parser = "gunicorn"
	}
	if leveled && groups == 1 && l.Parser == "bracket" && l.stripThreadLogger() {
		l.Parser = "djl"
		l.stripWorker()
	}
	return true
}

func isLevelGroup(s string) bool { return levelFold(strings.TrimSpace(s)) != "" }

// group reads the inside of one pair of brackets; rest is what follows it. It
// takes the group off the text when it knows it.
func (l *Line) group(in, rest string) bool {
	text := strings.TrimPrefix(rest, " ")
	trimmed := strings.TrimSpace(in)
	switch {
	case trimmed == "":
		return false
	case levelFold(trimmed) != "":
		l.Level = levelFold(trimmed)
	case isDigit(trimmed[0]):
		if !l.numberGroup(trimmed, rest, &text) {
			return false
		}
		l.Text = text
		return true
	case l.lettered(trimmed):
		l.Text = text
		return true
	case len(trimmed) > 3 && trimmed[1] == ' ' && levelLetter(trimmed[0]) != "" && strings.Contains(trimmed, ":"):
		l.Level, l.Logger = levelLetter(trimmed[0]), beforeColon(trimmed[2:])
		l.name("c10")
	case isLoggerName(trimmed) && strings.HasPrefix(rest, "[") && startsWithLevelGroup(rest):
		l.Logger = trimmed
	default:
		return false
	}
	l.name("bracket")
	l.Text = text
	return true
}

// startsWithLevelGroup reports whether s starts with a level in brackets.
func startsWithLevelGroup(s string) bool {
	end := strings.IndexByte(s[:min(len(s), 12)], ']')
	return end > 0 && isLevelGroup(s[1:end])
}

// numberGroup reads a group that starts with a digit: a date, a date with a
// level, a process, or mpirun's "job,rank" with its stream.
func (l *Line) numberGroup(in, rest string, text *string) bool {
	switch n := dateTime(in); {
	case n > 0:
		l.name("bracket")
		if n < len(in) && in[n] == ' ' && isRank(in[n+1:]) {
			l.Thread = in[n+1:]
			return true
		}
		return n == len(in)
	case shape(in, "dddd-dd-dd:dd:dd:dd:"):
		level := levelFold(in[20:])
		if level == "" {
			return false
		}
		l.Level = level
		l.name("xgboost")
		return true
	case shape(in, "dd/dd/dddd dd:dd:dd "):
		level, n := levelWord(in[20:])
		if n == 0 {
			return false
		}
		l.Level, l.Thread = level, strings.TrimSpace(in[20+n:])
		l.name("sagemaker")
		return true
	}
	return l.processGroup(in, rest, text)
}

// processGroup reads "[12] " before another group and "[1,0]<stdout>:".
func (l *Line) processGroup(in, rest string, text *string) bool {
	n := digits(in)
	if n == len(in) && strings.HasPrefix(rest, " [") {
		l.Thread = in
		l.name("bracket")
		return true
	}
	if n == len(in) || in[n] != ',' || digits(in[n+1:]) != len(in)-n-1 {
		return false
	}
	for _, stream := range [...]string{"<stdout>:", "<stderr>:"} {
		if after, ok := strings.CutPrefix(rest, stream); ok {
			*text = after
			l.name("mpirun")
			return true
		}
	}
	return false
}

// stripProcess reads vLLM's "(APIServer pid=1) " and Ray's "(Name pid=1, ip=..) ".
func (l *Line) stripProcess() bool {
	end := strings.Index(l.Text[:min(len(l.Text), 100)], ") ")
	if end < 0 || !strings.Contains(l.Text[:end], " pid=") {
		return false
	}
	l.Thread, l.Text = l.Text[1:end], l.Text[end+2:]
	l.name("vllm")
	return true
}
