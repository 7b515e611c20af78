// Package wire is the loopback AWS's protocol front ends: Smithy RPC v2 CBOR,
// AWS JSON 1.0 and 1.1, and the Query protocol (form in, XML out). Decode turns
// any request into the same Call; Call.Result and Call.Failure turn the same
// result tree or error into that protocol's reply. Operations never see which
// protocol was spoken.
package wire

import (
	"compress/gzip"
	"fmt"
	"hash/fnv"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// The services as their models name them. CloudWatch's and Logs' names are on
// the wire in X-Amz-Target and in the RPC v2 path; STS is told by its version.
const (
	CloudWatch    = "GraniteServiceVersion20100801"
	Logs          = "Logs_20140328"
	SageMaker     = "SageMaker"
	STS           = "AWSSecurityTokenServiceV20110615"
	ServiceQuotas = "ServiceQuotasV20190624"
	PriceList     = "AWSPriceListService"
	AutoScaling   = "AnyScaleFrontendService"
)

// MaxBody is how many bytes of a request, unpacked, are read. AWS's own limit
// for these services is 1 MB; a larger request is refused.
const MaxBody = 4 << 20

// Call is one decoded request.
type Call struct {
	Service   string // one of the service constants, or what the client wrote
	Operation string // for example GetMetricData; "" when it cannot be told
	Params    Params
	RequestID string // set by the server; echoed in the reply
	QueryMode bool   // the client wants Query error codes in a header
	Digest    uint64 // of operation and body: a request that is sent again has the same
	Signer    Signer

	codec codec
}

// Signer is who a request says that it is from. Signatures are not checked.
type Signer struct {
	AccessKeyID  string    // "" when the request is not signed
	SessionToken string    // "" with long-term keys
	Region       string    // "" when the request is not signed
	SignedAt     time.Time // zero when the request does not say
}

// Reply is a whole HTTP response.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// Error is an answer that is an error, in the words of all protocols.
type Error struct {
	Shape   string // the model's name, for example InvalidParameterValueException
	Code    string // the Query protocol's code, for example InvalidParameterValue; "" means Shape
	Message string
	Status  int // HTTP status; 0 means 400
}

// Error is the code and the message.
func (e *Error) Error() string { return e.QueryCode() + ": " + e.Message }

// QueryCode is the code that the Query protocol uses.
func (e *Error) QueryCode() string {
	if e.Code != "" {
		return e.Code
	}
	return e.Shape
}

// HTTPStatus is the status to answer with.
func (e *Error) HTTPStatus() int {
	if e.Status != 0 {
		return e.Status
	}
	return http.StatusBadRequest
}

// fault is who is to blame, as the Query protocol spells it.
func (e *Error) fault() string {
	if e.HTTPStatus() >= 500 {
		return "Receiver"
	}
	return "Sender"
}

// codec is one protocol's way to write replies.
type codec interface {
	result(c *Call, o Object) Reply
	failure(c *Call, e *Error) Reply
}

// Result is the reply that carries o.
func (c *Call) Result(o Object) Reply { return c.codec.result(c, o) }

// Failure is the reply that carries e.
func (c *Call) Failure(e *Error) Reply { return c.codec.failure(c, e) }

// Decode reads a request of any protocol. The Call is never nil, so that an
// error, which is always an *Error, can be answered in the client's protocol.
func Decode(r *http.Request) (*Call, error) {
	c := &Call{codec: queryCodec{}, QueryMode: strings.EqualFold(r.Header.Get("X-Amzn-Query-Mode"), "true")}
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	decode := decodeQuery
	switch {
	case r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor" || strings.HasPrefix(r.URL.Path, "/service/"):
		c.codec, decode = cborCodec{}, decodeCBOR
	case r.Header.Get("X-Amz-Target") != "":
		c.codec, decode = jsonCodec{version: jsonVersion(mediaType)}, decodeJSON
	}
	c.Signer = signer(r)
	body, err := readBody(r)
	if err != nil {
		return c, &Error{Shape: "SerializationException", Message: err.Error()}
	}
	err = decode(c, r, body)
	h := fnv.New64a()
	h.Write([]byte(c.Service + "." + c.Operation + "\x00"))
	h.Write(body)
	c.Digest = h.Sum64()
	return c, err
}

// signer reads the access key and the time from a Signature Version 4 header.
func signer(r *http.Request) Signer {
	s := Signer{SessionToken: r.Header.Get("X-Amz-Security-Token")}
	if _, rest, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		// KEY/YYYYMMDD/REGION/SERVICE/aws4_request
		scope := strings.SplitN(rest, "/", 4)
		s.AccessKeyID = scope[0]
		if len(scope) == 4 {
			s.Region = scope[2]
		}
	}
	if at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date")); err == nil {
		s.SignedAt = at
	}
	return s
}

// readBody reads and unpacks the request's body, up to MaxBody.
func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	var src io.Reader = http.MaxBytesReader(nil, r.Body, MaxBody)
	if strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
		zr, err := gzip.NewReader(src)
		if err != nil {
			return nil, fmt.Errorf("unpacking request: %w", err)
		}
		src = zr
	}
	body, err := io.ReadAll(io.LimitReader(src, MaxBody+1))
	if err != nil {
		return nil, fmt.Errorf("reading request: %w", err)
	}
	if len(body) > MaxBody {
		return nil, fmt.Errorf("request is longer than %d bytes", MaxBody)
	}
	return body, nil
}

// malformed is the error for a body that is not what the protocol says.
func malformed(format string, args ...any) *Error {
	return &Error{Shape: "SerializationException", Message: fmt.Sprintf(format, args...)}
}
