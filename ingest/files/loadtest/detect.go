package loadtest

import (
	"bytes"
	"strings"
)

// Detect tells the format by the first bytes of a file, decompressed: up to
// 64 KiB are enough. It may answer one that Read refuses. It reports false for
// anything else, such as what AWS exports.
func Detect(head []byte) (Format, bool) {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	body := bytes.TrimLeft(head, " \t\r\n")
	if len(body) == 0 {
		return "", false
	}
	var f Format
	switch {
	case body[0] == '{' || body[0] == '[':
		f = detectJSON(body)
	case body[0] == '<':
		if bytes.Contains(body, []byte("<testResults")) {
			f = JMeterXML
		}
	case isVegetaGob(head):
		f = VegetaGob
	default:
		f = detectCSV(body)
	}
	return f, f != ""
}

// isVegetaGob looks for the description that precedes the values of a gob.
func isVegetaGob(b []byte) bool {
	b = b[:min(len(b), 1024)]
	for _, word := range [...]string{"Result", "Attack", "Seq", "Code", "Timestamp", "Latency"} {
		if !bytes.Contains(b, []byte(word)) {
			return false
		}
	}
	return bytes.IndexByte(b, 0xff) >= 0
}

// outline is what the beginning of a JSON document shows.
type outline struct {
	array bool                // of objects
	keys  map[string]bool     // of the first object
	inner map[string][]string // keys of the objects right inside it
	point bool                // type is Point or Metric
}

// maxKeys bounds how many keys are remembered of one object.
const maxKeys = 200

// sketch reads as much of the first object as there is.
func sketch(b []byte) outline {
	o := outline{keys: map[string]bool{}, inner: map[string][]string{}}
	var p parser
	p.reset(b)
	if p.peek() == '[' {
		o.array = true
		p.i++
	}
	_ = p.object(func(key []byte) error { // an error is where the beginning ends
		if len(o.keys) >= maxKeys {
			return errEnd
		}
		k := string(key[:min(len(key), 100)])
		o.keys[k] = true
		switch c := p.peek(); {
		case c == '{':
			return p.object(func(inner []byte) error {
				if len(o.inner[k]) < maxKeys {
					o.inner[k] = append(o.inner[k], string(inner[:min(len(inner), 100)]))
				}
				return p.skip()
			})
		case k == "type" && c == '"':
			s, err := p.str()
			o.point = string(s) == "Point" || string(s) == "Metric"
			return err
		}
		return p.skip()
	})
	return o
}

func (o *outline) has(keys ...string) bool {
	for _, k := range keys {
		if !o.keys[k] {
			return false
		}
	}
	return true
}

func (o *outline) within(key string, want ...string) bool {
	for _, w := range want {
		found := false
		for _, k := range o.inner[key] {
			found = found || k == w
		}
		if !found {
			return false
		}
	}
	return true
}

func detectJSON(b []byte) Format {
	o := sketch(b)
	if o.array {
		if o.has("num_requests", "num_failures", "response_times") {
			return LocustJSON
		}
		return ""
	}
	switch {
	case o.point && o.has("metric", "data"):
		return K6JSON
	case o.has("timestamp", "latency", "code", "seq"):
		return VegetaJSON
	case o.within("metadata", "request_start_ns"):
		return AIPerfRecords
	case o.has("DurationHistogram") && (o.has("ActualDuration") || o.has("RetCodes")):
		return FortioJSON
	case o.has("benchmarks") && bytes.Contains(b, []byte(`"generative_benchmark`)):
		return GuideLLM
	case o.has("latencies", "bytes_in", "requests"):
		return VegetaReport
	case o.has("metrics") && (o.has("root_group") || o.within("metrics", "http_reqs") || o.within("metrics", "iterations")):
		return K6Summary
	case (o.has("request_latency") || o.has("request_count") || o.within("records", "request_latency")) && (o.has("input_config") || o.has("aiperf_version") || o.has("start_time") && o.has("end_time")):
		return AIPerfSummary
	}
	return ""
}

func detectCSV(b []byte) Format {
	line := b
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	line = bytes.TrimRight(line, "\r")
	r := row{comma: jmeterComma(line)}
	fields, err := r.cut(line)
	if err != nil || len(fields) < 4 {
		return ""
	}
	names := map[string]bool{}
	for _, f := range fields {
		names[strings.ToLower(string(bytes.TrimSpace(f)))] = true
	}
	has := func(want ...string) bool {
		for _, w := range want {
			if !names[w] {
				return false
			}
		}
		return true
	}
	switch {
	case has("metric_name", "timestamp", "metric_value"):
		return K6CSV
	case has("timestamp", "name") && (has("total request count") || has("# requests", "user count")):
		return LocustHistory
	case has("name", "request count") || has("name", "# requests"):
		return LocustStats
	case has("method", "name", "error", "occurrences"):
		return LocustFailures
	case has("count", "message", "traceback", "nodes"):
		return LocustExceptions
	case has("timestamp", "elapsed") && (has("label") || has("success") || has("responsecode")):
		return JMeterCSV
	}
	return detectRows(fields, r.comma)
}

// detectRows tells files without a header by the values of the first row.
func detectRows(f [][]byte, comma byte) Format {
	ts, ok := integer(f[0])
	if !ok {
		return ""
	}
	switch {
	case jmeterDefault(len(f)) != nil && isBool(f[7]) && ts > 1e11 && ts < 1e14 && isInteger(f[1]):
		return JMeterCSV
	case (len(f) == 12 || len(f) == 9) && comma == ',' && ts > 1e17 && len(f[1]) <= 3 &&
		isInteger(f[1]) && isInteger(f[2]) && isInteger(f[3]) && isInteger(f[4]) && isInteger(f[8]):
		return VegetaCSV
	}
	return ""
}

func isInteger(b []byte) bool {
	_, ok := integer(b)
	return ok
}

// refusal says why a format that Detect knows is not read, "" for the others.
func refusal(f Format) string {
	switch f {
	case K6Summary:
		return "k6's summary does not say when requests were sent: run k6 with --out json=FILE or --out csv=FILE and import that"
	case LocustStats:
		return "Locust's totals do not say when requests were sent: import the file ending in _stats_history.csv, which locust --csv PREFIX --csv-full-history writes beside it"
	case LocustFailures:
		return "Locust's list of failures does not say when they happened: import the file ending in _stats_history.csv beside it, which counts failures over time"
	case LocustExceptions:
		return "Locust's list of exceptions of the test script holds no requests: import the file ending in _stats_history.csv beside it"
	case VegetaGob:
		return "vegeta's own encoding can only be read by vegeta: convert it with vegeta encode --to json FILE > FILE.json and import that"
	case VegetaReport:
		return "vegeta's report does not say when requests were sent: convert the results with vegeta encode --to json FILE > FILE.json and import that"
	case JMeterXML:
		return "JMeter's XML results are not read: run jmeter with -Jjmeter.save.saveservice.output_format=csv and import that"
	default:
		return ""
	}
}
