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
	// Separators first: they tell most other words apart at one look.
	if s[4] != '-' && s[4] != '/' || s[7] != s[4] || s[10] != ' ' && s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return 0
	}
	all := class[s[0]] & class[s[1]] & class[s[2]] & class[s[3]] & class[s[5]] & class[s[6]] & class[s[8]] & class[s[9]] &
		class[s[11]] & class[s[12]] & class[s[14]] & class[s[15]] & class[s[17]] & class[s[18]]
	if all&clsDigit == 0 {
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

// calendar is the length of a date with the month's short name at the start of
// s, with or without the day's: Fri Jul 29 08:37:13 PDT 2005, Jul 29 08:37:13,
// 29 Jul 2005. 0 for none.
func calendar(s string) int {
	n := 0
	if isDayName(s) {
		n = 3
		if n < len(s) && s[n] == ',' {
			n++
		}
		n += blankRun(s[n:])
	}
	day, month := digits(s[n:]), 0
	switch {
	case day == 1 || day == 2:
		month = n + day + blankRun(s[n+day:])
		if !isMonthName(s[month:]) {
			return 0
		}
		n = month + 3
	case isMonthName(s[n:]):
		n += 3
		gap := blankRun(s[n:])
		day = digits(s[n+gap:])
		if gap == 0 || day == 0 || day > 2 {
			return 0
		}
		n += gap + day
	default:
		return 0
	}
	return n + afterDay(s[n:])
}

// afterDay is the length of a time, a zone's name and a year, each with a blank
// before it, as far as they are there.
func afterDay(s string) int {
	n := 0
	for range 3 {
		rest := s[n:]
		if rest == "" || rest[0] != ' ' {
			break
		}
		rest = rest[1:]
		switch {
		case clock(rest) > 0:
			n += 1 + clock(rest)
		case shape(rest, "dddd") && digits(rest) == 4:
			n += 5
		case n > 0 && len(rest) >= 3 && isZoneName(rest[:3]) && (len(rest) == 3 || !isLetter(rest[3])):
			n += 4
		default:
			return n
		}
	}
	return n
}

func isZoneName(s string) bool {
	return s == "UTC" || s == "GMT" || isUpper(s[0]) && (s[1] == 'S' || s[1] == 'D') && s[2] == 'T'
}

func blankRun(s string) int {
	n := 0
	for n < len(s) && s[n] == ' ' {
		n++
	}
	return n
}

func isMonthName(s string) bool {
	if len(s) < 3 || len(s) > 3 && isLetter(s[3]) {
		return false
	}
	switch s[:3] {
	case "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec":
		return true
	}
	return false
}

func isDayName(s string) bool {
	if len(s) < 3 || len(s) > 3 && isLetter(s[3]) {
		return false
	}
	switch s[:3] {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		return true
	}
	return false
}
