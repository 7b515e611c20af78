package logline

import (
	"strconv"
	"strings"
)

// access reads an access-log line: TorchServe's, the combined format of nginx
// and gunicorn, werkzeug's and uvicorn's. What they share is the request line
// in quotes with the status behind it.
func access(s string) (Access, bool) {
	open := strings.IndexByte(s[:min(len(s), 120)], '"')
	if open < 0 || !isAccessHead(s[:open]) {
		return Access{}, false
	}
	s = s[open+1:]
	method, rest, ok := strings.Cut(s, " ")
	if !ok || !isMethod(method) {
		return Access{}, false
	}
	route, rest, ok := strings.Cut(rest, " ")
	if !ok || route == "" || !strings.HasPrefix(rest, "HTTP/") {
		return Access{}, false
	}
	_, rest, ok = strings.Cut(rest, `" `)
	if !ok || digits(rest) != 3 {
		return Access{}, false
	}
	status, _ := strconv.Atoi(rest[:3])
	route, _, _ = strings.Cut(route, "?")
	a := Access{Method: method, Route: route, Status: status, DurationUS: -1}
	tail, found := strings.CutPrefix(rest[3:], " ")
	if found && strings.HasPrefix(s, method) && digits(tail) == len(tail) && len(tail) > 0 && len(tail) < 13 {
		a.DurationUS, _ = strconv.ParseInt(tail, 10, 64)
		a.DurationUS *= 1000
	}
	return a, true
}

// isAccessHead reports whether s is what stands before the request line: an
// address, perhaps with port, user and date.
func isAccessHead(s string) bool {
	if strings.HasPrefix(s, "/") {
		return true
	}
	return strings.HasSuffix(s, " - ") || strings.HasSuffix(s, "] ") && strings.Contains(s, " - ")
}

// isMethod reports whether s is an HTTP method.
func isMethod(s string) bool {
	switch s {
	case "GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE":
		return true
	}
	return false
}

// accessParser names the access format by its outer header.
func accessParser(l *Line) string {
	switch {
	case l.Logger == "ACCESS_LOG":
		return "torchserve-access"
	case l.Parser == "uvicorn" || l.Parser == "vllm":
		return "uvicorn-access"
	case strings.Contains(l.Text, " ["):
		return "combined"
	}
	return "access"
}

// appendAccess writes the skeleton of an access line: the route with variables
// masked and the status as it is, because it tells kinds apart.
func appendAccess(b []byte, a Access) []byte {
	b = append(b, a.Method...)
	b = append(b, ' ')
	b = appendRoute(b, a.Route)
	b = append(b, ' ')
	return strconv.AppendInt(b, int64(a.Status), 10)
}

// appendRoute writes a path with the variables inside its parts masked.
func appendRoute(b []byte, route string) []byte {
	route = route[:min(len(route), 100)]
	for {
		part, rest, more := strings.Cut(route, "/")
		b = appendClean(b, part, appendWord)
		if !more {
			return b
		}
		b = append(b, '/')
		route = rest
	}
}
