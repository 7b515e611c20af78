package cloudwatch

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// plainBody hands requests on with a body that is nothing but bytes. The SDK's
// own body is closed as soon as an answer begins, and answers io.EOF to the
// write that may still be under way; net/http takes that for a failed request
// and closes the connection in the middle of the answer. The SDK would ask
// again, a second later, for what may cost money each time.
type plainBody struct{ client aws.HTTPClient }

// Do is that of http.Client.
func (p plainBody) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return p.client.Do(r)
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
	return p.client.Do(r)
}
