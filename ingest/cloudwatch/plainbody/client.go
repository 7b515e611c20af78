// Package plainbody sends the AWS SDK's requests with bodies that net/http can
// be trusted with.
package plainbody

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// Doer sends a request, as http.Client does.
type Doer interface {
	Do(r *http.Request) (*http.Response, error)
}

// Client hands requests on with a body that is nothing but bytes. The SDK's
// own body is closed as soon as an answer begins, and answers io.EOF to the
// write that may still be under way; net/http takes that for a failed request
// and closes the connection in the middle of the answer. The SDK would ask
// again, a second later, for what may cost money each time.
type Client struct{ HTTP Doer }

// Do is that of http.Client.
func (c Client) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return c.HTTP.Do(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the request's body: %w", err)
	}
	if err := r.Body.Close(); err != nil {
		return nil, fmt.Errorf("closing the request's body: %w", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	return c.HTTP.Do(r)
}
