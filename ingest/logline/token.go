package logline

// appendNumberOrWord masks w, which has digits and no slash; s[j:] is what
// follows it. A unit of bytes behind a number belongs to the number, because
// the same message prints MiB today and GiB tomorrow.
func appendNumberOrWord(b []byte, s, w string, j int) ([]byte, int) {
	n := number(w)
	switch {
	case n == 0:
		return appendWord(b, w), j
	case n < len(w) && isByteUnit(w[n:]):
		return mask(b, phSize), j
	case n < len(w):
		return append(mask(b, phNumber), w[n:]...), j
	}
	return appendNumber(b, s, j)
}

// appendNumber masks a number that ends at s[j], with the unit of bytes that may
// follow it.
func appendNumber(b []byte, s string, j int) ([]byte, int) {
	if j < len(s) && s[j] == ' ' {
		k := j + 1
		for k < len(s) && k < j+5 && isLetter(s[k]) {
			k++
		}
		if isByteUnit(s[j+1:k]) && (k-j-1 >= 2 || s[j+1] == 'B') {
			return mask(b, phSize), k
		}
	}
	return mask(b, phNumber), j
}

// number is the length of the number that w starts with when the rest of w is
// nothing, a percent sign or a short unit; 0 otherwise.
func number(w string) int {
	n := 0
	if n < len(w) && (w[n] == '-' || w[n] == '+') {
		n++
	}
	d := digits(w[n:])
	if d == 0 && (n == len(w) || w[n] != '.') {
		return 0
	}
	n += d
	for n+1 < len(w) && w[n] == '.' && isDigit(w[n+1]) {
		d = digits(w[n+1:])
		n += 1 + d
	}
	if d == 0 {
		return 0
	}
	n += exponent(w[n:])
	unit := w[n:]
	if len(unit) > 4 {
		return 0
	}
	for i := range len(unit) {
		if !isLetter(unit[i]) && unit[i] != '%' {
			return 0
		}
	}
	if len(unit) > 2 && !isUnit(unit) {
		return 0
	}
	return n
}

// exponent is the length of e-05 at the start of s.
func exponent(s string) int {
	if len(s) < 2 || s[0]|0x20 != 'e' {
		return 0
	}
	n := 1
	if s[n] == '-' || s[n] == '+' {
		n++
	}
	d := digits(s[n:])
	if d == 0 {
		return 0
	}
	return n + d
}

func isUnit(s string) bool {
	switch s {
	case "sec", "secs", "min", "mins", "msec", "usec", "iter", "reqs", "req":
		return true
	}
	return isByteUnit(s)
}

func isByteUnit(s string) bool {
	switch s {
	case "B", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", "k", "K", "M", "G":
		return true
	}
	return false
}

// appendWord masks w, which has no slash: an address, an identifier, or a name
// with digits in it, of which the letters stay.
func appendWord(b []byte, w string) []byte {
	switch {
	case isIPv4(w):
		return mask(b, phIP)
	case isUUID(w):
		return mask(b, phUUID)
	case len(w) > 2 && w[0] == '0' && w[1]|0x20 == 'x' && isHex(w[2:]):
		return mask(b, phHex)
	}
	from := len(b)
	for i := 0; i < len(w); {
		j, digit := i, 0
		for j < len(w) && !isAlnum(w[j]) {
			j++
		}
		b = append(b, w[i:j]...)
		i = j
		for j < len(w) && isAlnum(w[j]) {
			digit += int(class[w[j]] & clsDigit)
			j++
		}
		b = appendRun(b, from, w[i:j], digit/clsDigit)
		i = j
	}
	return b
}

// appendRun masks one run of letters and d digits; from is where its word starts.
func appendRun(b []byte, from int, run string, d int) []byte {
	switch d {
	case 0:
		return append(b, run...)
	case len(run):
		return join(b, from, phNumber)
	}
	changes := 0
	for i := range len(run) {
		if i > 0 && isDigit(run[i]) != isDigit(run[i-1]) {
			changes++
		}
	}
	switch {
	case len(run) >= 6 && isHex(run):
		return join(b, from, phHex)
	case changes > 1 || d > 5 && changes > 0:
		return join(b, from, phString)
	case isDigit(run[0]):
		b = join(b, from, phNumber)
		return append(b, run[d:]...)
	}
	b = append(b, run[:len(run)-d]...)
	return append(b, phNumber...)
}

// join appends a placeholder to a word that may end in one already: 1.2.3 is
// one number, and hexadecimal parts of one identifier are one, whatever digits
// each part happens to have.
func join(b []byte, from int, ph string) []byte {
	n := len(b) - 1
	if n <= from {
		return append(b, ph...)
	}
	for _, before := range [...]string{phNumber, phHex, phString} {
		if n-len(before) < from || string(b[n-len(before):n]) != before {
			continue
		}
		switch {
		case before == ph && (b[n] == '.' || ph != phNumber):
			return b[:n]
		case before == phNumber && ph != phNumber:
			return append(b[:n-len(before)], ph...)
		case before != phNumber:
			return b[:n]
		}
	}
	return append(b, ph...)
}

// isIPv4 reports whether s is four groups of at most three digits.
func isIPv4(s string) bool {
	if len(s) < 7 || len(s) > 15 {
		return false
	}
	for group := range 4 {
		n := digits(s)
		if n == 0 || n > 3 {
			return false
		}
		s = s[n:]
		if group < 3 {
			if s == "" || s[0] != '.' {
				return false
			}
			s = s[1:]
		}
	}
	return s == ""
}

// isUUID reports whether s is a UUID in its usual form.
func isUUID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	return isHex(s[:8]) && isHex(s[9:13]) && isHex(s[14:18]) && isHex(s[19:23]) && isHex(s[24:])
}

// isHex reports whether s is hexadecimal digits only.
func isHex(s string) bool {
	for i := range len(s) {
		if class[s[i]]&clsHex == 0 {
			return false
		}
	}
	return s != ""
}
