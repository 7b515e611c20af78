package ingest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// cannedEnv makes TestCannedAWS serve the events that it describes.
const cannedEnv = "SIZEWISE_TEST_CANNED"

// canned is an estate whose first endpoint has Events log events of about Size
// bytes, spread evenly over a day. They are drawn from a few thousand lines that
// were made before, so that a page costs its server hardly more than a copy.
type canned struct {
	Events    int64
	Size      int // bytes of a message; 0 for lines of a model server and its access log
	Endpoints int
	Hosts     int
}

func (c canned) account() (*account.Account, error) {
	e, err := estate.New(estate.Config{
		Start: begin, End: begin.Add(24 * time.Hour), Kinds: []string{"endpoint"},
		Plain: c.Endpoints, Hosts: c.Hosts, LogEvents: 1, Samples: 2,
	})
	if err != nil {
		return nil, fmt.Errorf("making the estate: %w", err)
	}
	return e.Account, nil
}

// TestCannedAWS is the server of a benchmark, in a process of its own so that
// what it costs is not counted: see serveCanned. It ends with its input.
func TestCannedAWS(t *testing.T) {
	text := os.Getenv(cannedEnv)
	if text == "" {
		t.Skip("runs for benchmarks only")
	}
	var c canned
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	acct, err := c.account()
	if err != nil {
		t.Fatal(err)
	}
	aws := server.New(acct, server.Options{Now: afterwards}).Replay()
	pages := &cannedEvents{total: c.Events, lines: cannedLines(c.Size)}
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".FilterLogEvents") {
			pages.ServeHTTP(w, r)
			return
		}
		aws.ServeHTTP(w, r)
	}))
	defer ts.Close()
	fmt.Println("serving " + ts.URL)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// afterwards is when the day is over and its data settled.
func afterwards() time.Time { return begin.Add(48 * time.Hour) }

// serveCanned starts TestCannedAWS and tells where it is.
func serveCanned(tb testing.TB, c canned) string {
	tb.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(context.Background(), os.Args[0], "-test.run=^TestCannedAWS$")
	cmd.Env = append(os.Environ(), cannedEnv+"="+string(text))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "serving "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return url
		}
	}
	tb.Fatal("the server did not start")
	return ""
}

// cannedEvents answers FilterLogEvents.
type cannedEvents struct {
	total int64
	lines [][]byte // messages as JSON strings
}

const (
	pageEvents = 10_000
	pageBytes  = 1 << 20
	dayMillis  = int64(24 * time.Hour / time.Millisecond)
)

// at is the time of event i in milliseconds.
func (c *cannedEvents) at(i int64) int64 { return begin.UnixMilli() + i*dayMillis/c.total }

func (c *cannedEvents) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		StartTime, EndTime int64
		NextToken          string
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	i, err := strconv.ParseInt(in.NextToken, 10, 64)
	if err != nil {
		i = max(0, (in.StartTime-begin.UnixMilli())*c.total/dayMillis)
		for i > 0 && c.at(i-1) >= in.StartTime {
			i--
		}
		for c.at(i) < in.StartTime {
			i++
		}
	}
	page := make([]byte, 0, 4<<20)
	page = append(page, `{"events":[`...)
	size := 0
	for n := 0; n < pageEvents && i < c.total && c.at(i) <= in.EndTime; n++ {
		line := c.lines[i%int64(len(c.lines))]
		if size += len(line) + 24; size > pageBytes+1024 && n > 0 {
			break
		}
		if n > 0 {
			page = append(page, ',')
		}
		page = fmt.Appendf(page, `{"logStreamName":"AllTraffic/i-%017x","timestamp":%d,"message":%s,"ingestionTime":%d,"eventId":"%056d"}`,
			i%4, c.at(i), line, c.at(i)+900, i)
		i++
	}
	page = append(page, `],"searchedLogStreams":[]`...)
	if i < c.total && c.at(i) <= in.EndTime {
		page = fmt.Appendf(page, `,"nextToken":"%d"`, i)
	}
	page = append(page, '}')
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	_, _ = w.Write(page)
}

// cannedLines are messages of size bytes, or, with 0, of about 150: three lines
// of a model server for each of its access log.
func cannedLines(size int) [][]byte {
	rnd := rand.New(rand.NewPCG(7, 8))
	var out [][]byte
	for i := range 4093 { // a prime number, so that streams and lines mix
		id := fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", rnd.Uint32(), rnd.IntN(1<<16), rnd.IntN(1<<12), rnd.IntN(1<<12), rnd.Int64N(1<<48))
		line := fmt.Sprintf("2026-11-20T14:%02d:%02d,%03d [INFO ] W-90%02d-model_1.0 org.pytorch.serve.wlm.WorkerThread - Backend response time: %d ms for request %s of batch %d, bytes %d",
			i/60%60, i%60, i%1000, i%8, rnd.IntN(500), id, rnd.IntN(32), rnd.IntN(100_000))
		if i%4 == 0 {
			line = fmt.Sprintf(`169.254.178.2 - - [20/Nov/2026:14:%02d:%02d +0000] "POST /invocations HTTP/1.1" 200 %d "-" "AHC/2.0"`, i/60%60, i%60, rnd.IntN(100_000))
		}
		if size > 0 {
			line = strings.Repeat(line+" ", size/len(line)+1)[:size]
		}
		text, err := json.Marshal(line)
		if err != nil {
			panic(err) // a string
		}
		if out = append(out, text); size*len(out) > 64<<20 {
			break
		}
	}
	return out
}

// cannedOptions pull the first endpoints from the server at url.
func cannedOptions(ctx context.Context, url string, l ingest.Lake, endpoints int) (ingest.Options, error) {
	c, err := cloudwatch.New(ctx, cloudwatch.Options{
		Region: "us-east-1", EndpointURL: url, Limits: unlimited(), Now: afterwards,
		Keys: cloudwatch.Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"},
	})
	if err != nil {
		return ingest.Options{}, fmt.Errorf("making a client: %w", err)
	}
	o := ingest.Options{
		Start: begin, End: begin.Add(24 * time.Hour), Now: afterwards,
		Metrics: c, Logs: c, Describe: c, Lake: l, Region: c.Region(),
	}
	for i := range endpoints {
		o.Subjects = append(o.Subjects, subject.Subject{Kind: subject.Endpoint, Name: estate.PlainName(i)})
	}
	return o, nil
}

// noMetrics is a source without metrics.
type noMetrics struct{}

func (noMetrics) List(context.Context, string, []cloudwatch.Dim) ([]cloudwatch.Metric, cloudwatch.Usage, error) {
	return nil, cloudwatch.Usage{}, nil
}

func (noMetrics) Fetch(_ context.Context, r cloudwatch.MetricRequest) (cloudwatch.MetricData, error) {
	data := cloudwatch.MetricData{Results: make([]cloudwatch.MetricResult, len(r.Queries))}
	for i := range data.Results {
		data.Results[i].State = cloudwatch.Complete
	}
	return data, nil
}

// noLogs is a source without log groups.
type noLogs struct{ ingest.LogSource }

func (noLogs) Group(context.Context, string) (cloudwatch.LogGroup, cloudwatch.Usage, error) {
	return cloudwatch.LogGroup{}, cloudwatch.Usage{}, &cloudwatch.Error{Reason: cloudwatch.ErrNotFound}
}

// newLake is an empty lake.
func newLake(tb testing.TB, dir string) *lake.Lake {
	tb.Helper()
	l, err := lake.Create(context.Background(), lake.Options{Dir: dir, Now: afterwards})
	if err != nil {
		tb.Fatal(err)
	}
	return l
}
