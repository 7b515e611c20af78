package cloudwatch

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// openBucket is a bucket "logs" on loopback that holds objects; before sees
// every request and may answer it in the server's place.
func openBucket(t *testing.T, objects map[string]string, before func(w http.ResponseWriter, r *http.Request, next http.Handler)) *Bucket {
	t.Helper()
	isolate(t)
	backend := s3mem.New()
	if err := backend.CreateBucket("logs"); err != nil {
		t.Fatal(err)
	}
	for key, text := range objects {
		if _, err := backend.PutObject("logs", key, nil, strings.NewReader(text), int64(len(text)), nil); err != nil {
			t.Fatal(err)
		}
	}
	next := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { before(w, r, next) }))
	t.Cleanup(server.Close)
	o := fast()
	o.MaxAttempts = 2
	o.Region, o.EndpointURL = "eu-west-1", server.URL
	o.Keys = Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}
	b, err := NewBucket(t.Context(), o, true)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func pass(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) }

func TestListGoesThroughEveryPage(t *testing.T) {
	objects := map[string]string{"other/a": "x"}
	for i := range 1203 {
		objects[fmt.Sprintf("exported/%05d.gz", i)] = "abc"
	}
	b := openBucket(t, objects, pass)
	n, last := 0, ""
	for o, err := range b.List(t.Context(), "logs", "exported/") {
		if err != nil {
			t.Fatal(err)
		}
		if o.Key <= last || o.Size != 3 || o.ETag == "" || o.Modified.IsZero() {
			t.Fatalf("object %+v after %q", o, last)
		}
		n, last = n+1, o.Key
	}
	if n != 1203 {
		t.Errorf("%d objects, want 1203", n)
	}
	for range b.List(t.Context(), "logs", "exported/") {
		break // stops asking
	}
}

func TestWhatIsNotInTheBucket(t *testing.T) {
	b := openBucket(t, nil, pass)
	if _, err := b.Open(t.Context(), "logs", "nothing"); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "s3://logs/nothing") {
		t.Errorf("error %v, want not found, with the address", err)
	}
	for _, err := range b.List(t.Context(), "nowhere", "") {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("error %v, want not found", err)
		}
	}
}

// breaking sends the first half of each of the first breaks answers to reads.
func breaking(breaks int32) func(w http.ResponseWriter, r *http.Request, next http.Handler) {
	var seen atomic.Int32
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodGet || seen.Add(1) > breaks {
			next.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", fmt.Sprint(rec.Body.Len()))
		w.WriteHeader(rec.Code)
		if _, err := w.Write(rec.Body.Bytes()[:rec.Body.Len()/2]); err == nil {
			_ = http.NewResponseController(w).Flush()
		}
		panic(http.ErrAbortHandler)
	}
}

func TestABrokenBodyIsGoneOnWith(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 1<<16)
	b := openBucket(t, map[string]string{"big": text}, breaking(4))
	body, err := b.Open(t.Context(), "logs", "big")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(body)
	if err != nil || !bytes.Equal(got, []byte(text)) {
		t.Errorf("%d bytes and error %v, want the %d of the object", len(got), err, len(text))
	}
	if err := body.Close(); err != nil {
		t.Error(err)
	}
}

func TestASilentBodyIsGoneOnWith(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 1<<14)
	var reads atomic.Int32
	b := openBucket(t, map[string]string{"big": text}, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if reads.Add(1) > 1 {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(text)))
		w.Header().Set("ETag", `"`+fmt.Sprintf("%x", md5.Sum([]byte(text)))+`"`)
		if _, err := io.WriteString(w, text[:1000]); err == nil {
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
	})
	b.patience = 200 * time.Millisecond
	body, err := b.Open(t.Context(), "logs", "big")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(body); err != nil || string(got) != text {
		t.Errorf("%d bytes and error %v, want the %d of the object", len(got), err, len(text))
	}
}

func TestABodyThatKeepsBreakingIsAnError(t *testing.T) {
	b := openBucket(t, map[string]string{"big": "0"}, breaking(1000))
	body, err := b.Open(t.Context(), "logs", "big")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(body); err == nil || !strings.Contains(err.Error(), "broke off at byte 0 of 1") {
		t.Errorf("error %v, want where it broke off", err)
	}
}

func TestAnObjectThatChangesMeanwhileIsAnError(t *testing.T) {
	once := breaking(1)
	b := openBucket(t, map[string]string{"big": strings.Repeat("x", 1<<20)}, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Header.Get("If-Match") != "" {
			w.WriteHeader(http.StatusPreconditionFailed)
			return
		}
		once(w, r, next)
	})
	body, err := b.Open(t.Context(), "logs", "big")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(body); err == nil {
		t.Error("two versions of an object were read as one")
	}
}
