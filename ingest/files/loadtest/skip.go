package loadtest

import "bytes"

// isNumber and isNested mark bytes; read only.
var (
	isNumber = [256]bool{'0': true, '1': true, '2': true, '3': true, '4': true, '5': true, '6': true, '7': true, '8': true, '9': true, '-': true, '+': true, '.': true, 'e': true, 'E': true}
	isNested = [256]bool{'"': true, '{': true, '}': true, '[': true, ']': true}
)

// skip reads over any value.
func (p *parser) skip() error {
	switch c := p.peek(); {
	case c == '"':
		return p.skipString()
	case c == '{' || c == '[':
		return p.skipNested()
	case c >= 'a' && c <= 'z' || isNumber[c] || c == 'N' || c == 'I': // Python writes NaN and Infinity
		for p.i < len(p.b) && (isNumber[p.b[p.i]] || p.b[p.i]|0x20 >= 'a' && p.b[p.i]|0x20 <= 'z') {
			p.i++
		}
		return nil
	}
	return p.unexpected()
}

// skipString reads over a string that starts here.
func (p *parser) skipString() error {
	for p.i++; p.i < len(p.b); p.i++ {
		n := bytes.IndexByte(p.b[p.i:], '"')
		if n < 0 {
			return errEnd
		}
		e := bytes.IndexByte(p.b[p.i:p.i+n], '\\')
		if e < 0 {
			p.i += n + 1
			return nil
		}
		p.i += e + 1 // the loop steps over what is escaped
	}
	return errEnd
}

// skipNested reads over an object or array that starts here.
func (p *parser) skipNested() error {
	for depth := 0; p.i < len(p.b); {
		for p.i < len(p.b) && !isNested[p.b[p.i]] {
			p.i++
		}
		if p.i == len(p.b) {
			break
		}
		switch p.b[p.i] {
		case '"':
			if err := p.skipString(); err != nil {
				return err
			}
			continue
		case '{', '[':
			if depth++; p.depth+depth > maxDepth {
				return errDeep
			}
		default:
			depth--
		}
		if p.i++; depth == 0 {
			return nil
		}
	}
	return errEnd
}
