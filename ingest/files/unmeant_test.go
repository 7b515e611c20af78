package files

import (
	"archive/tar"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"sizewise/ingest/lake"
)

// What lies beside the results in a folder is left alone and named; what is
// named itself, or damaged, is a failure.
func TestFolderWithOtherFiles(t *testing.T) {
	good, err := os.ReadFile("testdata/metrics.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	dir := fill(t, map[string]string{
		"lake/lake.json": "{}", "lake/metrics/dt=2026-11-20/x.parquet": "PAR1",
		"README.txt": "Results of Friday.\n", "package.json": `{"name":"x"}`, "metrics.ndjson": string(good),
		"run_stats.csv": "Type,Name,Request Count,Failure Count,Median Response Time\nPOST,/invocations,7,0,20\n",
	})
	m := newMemory()
	o := Options{Subject: "endpoint/x"}
	sum := importAll(t, m, []string{dir}, o)
	if sum.Ignored != 3 || sum.Files != 1 || sum.Failed != 0 || len(sum.Notes) != 3 {
		t.Errorf("%+v", sum)
	}
	for _, n := range sum.Notes {
		if !strings.Contains(n.String(), ": left alone: ") || strings.Contains(n.Reason, "want one of") {
			t.Errorf("note %v", n)
		}
	}
	for _, e := range m.entries {
		if e.Status != lake.Complete {
			t.Errorf("entry %+v", e)
		}
	}
	for _, name := range []string{"README.txt", "package.json", "run_stats.csv"} {
		o.Now = clock
		if sum, err := Import(t.Context(), newMemory(), []string{filepath.Join(dir, name)}, o); err == nil || sum.Failed != 1 {
			t.Errorf("%s by name: %+v, error %v", name, sum, err)
		}
	}
	damaged := fill(t, map[string]string{"cut.ndjson": string(good[:100])})
	if _, err := Import(t.Context(), newMemory(), []string{damaged}, o); err == nil {
		t.Error("a damaged file in a folder is no failure")
	}
}

// A file that holds others, or is packed or encoded otherwise, is called what
// it is, without the list of formats.
func TestArchives(t *testing.T) {
	var tarred bytes.Buffer
	tw := tar.NewWriter(&tarred)
	if err := errors.Join(tw.WriteHeader(&tar.Header{Name: "a.json", Size: 2, Mode: 0o600}), write(tw, "{}"), tw.Close()); err != nil {
		t.Fatal(err)
	}
	var wide []byte
	for _, u := range utf16.Encode([]rune("\ufeff{\"EndpointName\":\"é\"}")) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, test := range map[string]struct{ content, want string }{
		"a.zip":    {"PK\x03\x04\x14\x00\x00\x00", "a zip archive: unpack it first"},
		"a.tar":    {tarred.String(), "a tar archive: unpack it first"},
		"a.tar.gz": {tarred.String(), "a tar archive: unpack it first"},
		"a.bz2":    {"BZh91AY&SYrest", "compressed with bzip2: unpack"},
		"a.zst":    {"\x28\xb5\x2f\xfd\x04\x00", "compressed with zstd: unpack"},
		"a.xz":     {"\xfd7zXZ\x00\x00", "compressed with xz: unpack"},
		"a.json":   {string(wide), "UTF-16 text: convert it first"},
		"b.json":   {string(wide[2:]), "UTF-16 text: convert it first"},
	} {
		dir := fill(t, map[string]string{name: test.content})
		_, err := Import(t.Context(), newMemory(), []string{dir}, Options{Now: clock})
		if err == nil || !strings.Contains(err.Error(), name+": "+test.want) || strings.Contains(err.Error(), "want one of") {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
	for _, plain := range []string{"", "{}", "ab", "\x00\x01\x02\x03", `{"a":1}`, "1,2\n3,4\n"} {
		if what := archive([]byte(plain)); what != "" {
			t.Errorf("%q is called %s", plain, what)
		}
	}
}

func write(w *tar.Writer, text string) error {
	_, err := w.Write([]byte(text))
	return err
}

// Both files of one run of AIPerf hold the same requests.
func TestAIPerfTwice(t *testing.T) {
	const (
		records = `{"metadata":{"request_start_ns":1795197600000000000,"request_end_ns":1795197600100000000},"metrics":{}}` + "\n"
		summary = `{"input_config":{},"request_count":{"avg":1},"start_time":"2026-11-20T18:00:00Z","end_time":"2026-11-20T18:01:00Z"}`
	)
	dir := fill(t, map[string]string{"a/profile_export.jsonl": records, "a/profile_export_aiperf.json": summary, "b/profile_export.jsonl": records})
	o := Options{Subject: "endpoint/x"}
	sum := importAll(t, newMemory(), []string{dir}, o)
	if len(sum.Notes) != 1 || !strings.Contains(sum.Notes[0].String(), "a/profile_export_aiperf.json: describes the requests of "+dir+"/a/profile_export.jsonl again") {
		t.Errorf("%+v", sum)
	}
	local := fill(t, map[string]string{"profile_export_aiperf.json": strings.ReplaceAll(summary, "00Z", "00")})
	o.Now, o.OnMalformed = clock, func(m *Malformed) { t.Errorf("also said as a malformed record: %v", m) }
	_, err := Import(t.Context(), newMemory(), []string{local}, o)
	if err == nil || !strings.Contains(err.Error(), "--tz") || strings.Count(err.Error(), "aiperf-json") != 1 {
		t.Errorf("without a zone: %v", err)
	}
}
