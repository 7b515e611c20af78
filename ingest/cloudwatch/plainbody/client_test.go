package plainbody

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// stubborn is a body like the SDK's: its WriteTo fails with io.EOF once it is
// closed.
type stubborn struct {
	*strings.Reader
	closed bool
}

func (s *stubborn) Close() error { s.closed = true; return nil }

func (s *stubborn) WriteTo(w io.Writer) (int64, error) {
	if s.closed {
		return 0, io.EOF
	}
	return s.Reader.WriteTo(w)
}

type recorder func(*http.Request) (*http.Response, error)

func (r recorder) Do(req *http.Request) (*http.Response, error) { return r(req) }

func TestClient(t *testing.T) {
	body := &stubborn{Reader: strings.NewReader("question")}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/", body)
	if err != nil {
		t.Fatal(err)
	}
	client := Client{HTTP: recorder(func(r *http.Request) (*http.Response, error) {
		if !body.closed {
			t.Error("the original body is still open")
		}
		sent, err := io.ReadAll(r.Body)
		if err != nil || string(sent) != "question" || r.ContentLength != int64(len(sent)) {
			t.Errorf("sent %q of %d bytes, %v", sent, r.ContentLength, err)
		}
		if _, ok := r.Body.(*stubborn); ok {
			t.Error("the SDK's own body is handed on")
		}
		return &http.Response{}, nil
	})}
	if _, err := client.Do(r); err != nil {
		t.Fatal(err)
	}
}
