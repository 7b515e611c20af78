package logline

// shape reports whether s starts with the shape p, in which d stands for a
// digit and every other byte for itself. Values are not checked: a container
// with a broken clock still prints a header.
func shape(s, p string) bool {
	if len(s) < len(p) {
		return false
	}
	for i := range len(p) {
		if p[i] == 'd' {
			if !isDigit(s[i]) {
				return false
			}
		} else if s[i] != p[i] {
			return false
		}
	}
	return true
}

// dateTime is the length of the date and time that s starts with: ISO with
// blank or T, or with slashes as nginx and Go print it, fraction and zone when
// they are there. 0 for none.
func dateTime(s string) int {
	if len(s) < 19 || !isDigit(s[0]) {
		return 0
	}
	if !shape(s, "dddd-dd-dd") && !shape(s, "dddd/dd/dd") {
		return 0
	}
	if s[10] != ' ' && s[10] != 'T' {
		return 0
	}
	if !shape(s[11:], "dd:dd:dd") {
		return 0
	}
	n := 19
	if n+1 < len(s) && (s[n] == ',' || s[n] == '.') && isDigit(s[n+1]) {
		n += 1 + digits(s[n+1:])
	}
	return n + zone(s[n:])
}

// zone is the length of Z, +hhmm or +hh:mm, with or without a blank before.
func zone(s string) int {
	n := 0
	if len(s) > 0 && s[0] == ' ' {
		n = 1
	}
	if len(s) <= n {
		return 0
	}
	switch s[n] {
	case 'Z':
		if n == 0 {
			return 1
		}
	case '+', '-':
		if shape(s[n+1:], "dd:dd") {
			return n + 6
		}
		if shape(s[n+1:], "dddd") {
			return n + 5
		}
	}
	return 0
}

// clock is the length of hh:mm:ss with an optional fraction, 0 for none.
func clock(s string) int {
	if !shape(s, "dd:dd:dd") {
		return 0
	}
	n := 8
	if n+1 < len(s) && (s[n] == '.' || s[n] == ',') && isDigit(s[n+1]) {
		n += 1 + digits(s[n+1:])
	}
	return n
}
