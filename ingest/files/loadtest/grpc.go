package loadtest

import (
	"bytes"
	"cmp"
)

// method is the part of a gRPC target behind its host: /package.Service/Method.
func method(b []byte) []byte {
	if bytes.Contains(b, []byte("://")) {
		return b
	}
	if i := bytes.IndexByte(b, '/'); i > 0 && bytes.IndexByte(b[:i], ':') >= 0 {
		return b[i:]
	}
	return b
}

// grpcCodes are the HTTP status that each gRPC code stands for.
// https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
var grpcCodes = [...]struct {
	name   string
	status int32
}{
	{"OK", 200},
	{"CANCELLED", 499},
	{"UNKNOWN", 500},
	{"INVALID_ARGUMENT", 400},
	{"DEADLINE_EXCEEDED", 504},
	{"NOT_FOUND", 404},
	{"ALREADY_EXISTS", 409},
	{"PERMISSION_DENIED", 403},
	{"RESOURCE_EXHAUSTED", 429},
	{"FAILED_PRECONDITION", 400},
	{"ABORTED", 409},
	{"OUT_OF_RANGE", 400},
	{"UNIMPLEMENTED", 501},
	{"INTERNAL", 500},
	{"UNAVAILABLE", 503},
	{"DATA_LOSS", 500},
	{"UNAUTHENTICATED", 401},
}

// grpcStatus maps a gRPC code and says its name where it is an error.
func grpcStatus(code int64, err string) (int32, string) {
	if code < 0 || code >= int64(len(grpcCodes)) {
		return 0, cmp.Or(err, "unknown gRPC code")
	}
	c := grpcCodes[code]
	if code == 0 {
		return c.status, err
	}
	return c.status, cmp.Or(err, "gRPC "+c.name)
}
