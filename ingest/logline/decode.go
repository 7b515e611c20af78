package logline

import "strings"

// decode undoes what log drivers do to control characters: #011, #015 and #033
// are tab, carriage return and escape in octal. Terminal colours go, and of a
// line that a progress bar has written over only the last state stays, as it
// would on a terminal.
func decode(s string) string {
	if strings.Contains(s, "#0") {
		s = octal(s)
	}
	if strings.IndexByte(s, 0x1b) >= 0 {
		s = stripANSI(s)
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = lastState(s)
	}
	return strings.TrimRight(s, " \t\n")
}

// octal replaces the three escapes that serving containers produce.
func octal(s string) string {
	if !strings.Contains(s, "#011") && !strings.Contains(s, "#015") && !strings.Contains(s, "#033") {
		return s
	}
	return strings.NewReplacer("#011", "\t", "#015", "\r", "#033", "\x1b").Replace(s)
}

// stripANSI removes CSI sequences (ESC [ parameters final) and lone escapes.
func stripANSI(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != 0x1b {
			b = append(b, s[i])
			continue
		}
		if i+1 >= len(s) || s[i+1] != '[' {
			continue
		}
		j := i + 2
		for j < len(s) && (s[j] < 0x40 || s[j] > 0x7e) {
			j++
		}
		i = j
	}
	return string(b)
}

// lastState keeps, of every line, what stands after the last carriage return
// that has something behind it.
func lastState(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, "\r")
		lines[i] = line[strings.LastIndexByte(line, '\r')+1:]
	}
	return strings.Join(lines, "\n")
}
