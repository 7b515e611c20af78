package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/klauspost/compress/gzip"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/files"
)

// serveS3 is S3 on loopback with objects in the bucket "exports". Each of the
// first breaks answers with an object's body stops in the middle.
func serveS3(t *testing.T, objects map[string][]byte, breaks int32) (address string) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("exports"); err != nil {
		t.Fatal(err)
	}
	for key, body := range objects {
		if _, err := backend.PutObject("exports", key, nil, bytes.NewReader(body), int64(len(body)), nil); err != nil {
			t.Fatal(err)
		}
	}
	s3 := gofakes3.New(backend).Server()
	var seen atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "" && !strings.HasPrefix(r.URL.RawQuery, "x-id") || seen.Add(1) > breaks {
			s3.ServeHTTP(w, r)
			return
		}
		whole := httptest.NewRecorder()
		s3.ServeHTTP(whole, r)
		for name, values := range whole.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(whole.Code)
		if _, err := w.Write(whole.Body.Bytes()[:whole.Body.Len()/2]); err == nil {
			_ = http.NewResponseController(w).Flush()
		}
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	if _, err := zw.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestImportFromS3 reads a log export from a bucket, through the AWS SDK, over
// connections that break; and reads it again without a new row.
func TestImportFromS3(t *testing.T) {
	const stream = "exported/5f0c2f9e-8a52-4d0e-9f60-2b7b3c0f9e11/AllTraffic-i-0a1b2c3d4e5f60718/"
	lines := strings.Repeat("2026-11-20T18:00:00.123Z [INFO ] W-9000-quay_1.0 ACCESS_LOG - /10.0.4.9:51234 \"POST /invocations HTTP/1.1\" 200 31\n", 500)
	address := serveS3(t, map[string][]byte{
		"exported/aws-logs-write-test": []byte("Permission Check Successful"),
		stream + "000000.gz":           zipped(t, lines),
		stream + "000001.gz":           zipped(t, lines),
		"unrelated/notes.txt":          []byte("hello"),
	}, 2)
	for k, v := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		t.Setenv(k, v)
	}
	lake := filepath.Join(t.TempDir(), "lake")
	args := []string{
		"import", "s3://exports/exported/", "--log-group", "/aws/sagemaker/Endpoints/quay",
		"--lake", lake, "--region", "eu-west-1", "--endpoint-url", address,
	}
	for run, want := range []string{"2 files", " 0 rows new, 0 changed"} {
		got := sizewise(t, nil, args...)
		if got.code != exitOK || !strings.Contains(got.err, want) || !strings.Contains(got.err, "1,000 log events") {
			t.Fatalf("run %d: exit %d: %s", run, got.code, got.err)
		}
	}
	got := sizewise(t, nil, "sql", "--lake", lake, "--format", "csv", "--quiet",
		"SELECT count(*), count(DISTINCT event_id), min(log_stream), min(subject) FROM logs")
	if want := "1000,1000,AllTraffic/i-0a1b2c3d4e5f60718,endpoint/quay"; !strings.Contains(got.out, want) {
		t.Errorf("lake has %s %s, want %s", got.out, got.err, want)
	}
	missing := sizewise(t, nil, "import", "s3://exports/nowhere/", "--lake", lake+"2", "--region", "eu-west-1", "--endpoint-url", address)
	if missing.code != exitFailure || !strings.Contains(missing.err, "s3://exports/nowhere/: no object's key begins so") {
		t.Errorf("nothing there: exit %d: %s", missing.code, missing.err)
	}
	missing = sizewise(t, nil, "import", "s3://imports/x/", "--lake", lake+"2", "--region", "eu-west-1", "--endpoint-url", address)
	if missing.code != exitFailure || !strings.Contains(missing.err, "there is no bucket imports here: check its name") {
		t.Errorf("no such bucket: exit %d: %s", missing.code, missing.err)
	}
	if _, err := os.Stat(lake + "2"); err == nil {
		t.Error("nothing there made a lake")
	}
}

// TestReading holds what the progress of an import says.
func TestReading(t *testing.T) {
	for want, at := range map[string]files.Progress{
		"reading a.json  1,234,567 bytes of 2,469,134 (50%)": {File: "a.json", Files: 1, Bytes: 1234567, Size: 2469134},
		"reading s3://b/k  1 byte, file 2 of 3":              {File: "s3://b/k", Index: 1, Files: 3, Bytes: 1},
	} {
		if got := reading(at); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestBucketError: what S3 refuses for is followed by what to do.
func TestBucketError(t *testing.T) {
	for want, err := range map[string]error{
		"bucket b cannot be read: check its name and give its own region with --region: ListObjectsV2: BadRequest": &cloudwatch.Error{Operation: "ListObjectsV2", Detail: "BadRequest"},
		"they need s3:ListBucket": &cloudwatch.Error{Operation: "ListObjectsV2", Reason: cloudwatch.ErrDenied},
		"AWS cannot be reached":   &cloudwatch.Error{Reason: cloudwatch.ErrUnreachable},
	} {
		if got := bucketError("b", err).Error(); !strings.Contains(got, want) || strings.HasPrefix(got, "bucket") != (want[0] != 'A') {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
