package loadtest

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

// k6File is n requests as k6 writes them: nine points each, with the tags that
// it sets by default.
func k6File(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		for _, m := range []struct {
			name  string
			value float64
		}{
			{"http_reqs", 1},
			{"http_req_duration", 100 + float64(i%997)/10},
			{"http_req_blocked", 0.0041},
			{"http_req_connecting", 0},
			{"http_req_tls_handshaking", 0},
			{"http_req_sending", 0.0312},
			{"http_req_waiting", 99 + float64(i%997)/10},
			{"http_req_receiving", 0.9},
			{"http_req_failed", 0},
		} {
			fmt.Fprintf(&b, `{"metric":"%s","type":"Point","data":{"time":"2026-11-20T14:%02d:%02d.%06d+01:00","value":%v,"tags":{"expected_response":"true","group":"","method":"POST","name":"https://runtime.example.com/endpoints/harbor/invocations","proto":"HTTP/1.1","scenario":"steady","status":"200","tls_version":"tls1.3","url":"https://runtime.example.com/endpoints/harbor/invocations"}}}`+"\n",
				m.name, i/60%60, i%60, i*37%1_000_000, m.value)
		}
	}
	return b.Bytes()
}

// k6CSVFile is the same in CSV.
func k6CSVFile(n int) []byte {
	var b bytes.Buffer
	b.WriteString("metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n")
	for i := range n {
		for _, m := range []string{"http_reqs", "http_req_duration", "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking", "http_req_sending", "http_req_waiting", "http_req_receiving", "http_req_failed"} {
			fmt.Fprintf(&b, "%s,%d,%d.%06d,,,,true,,POST,https://runtime.example.com/endpoints/harbor/invocations,HTTP/1.1,steady,,200,,tls1.3,https://runtime.example.com/endpoints/harbor/invocations,,\n",
				m, 1795183380+i/100, i%400, i%1_000_000)
		}
	}
	return b.Bytes()
}

func jtlFile(n int) []byte {
	var b bytes.Buffer
	b.WriteString("timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,%d,POST /invocations,200,OK,Load %d-%d,text,true,,1650,210,64,64,https://runtime.example.com/endpoints/harbor/invocations,%d,0,%d\n",
			1795183380000+int64(i)*7, 100+i%97, 1+i%2, 1+i%64, 99+i%97, i%3)
	}
	return b.Bytes()
}

func vegetaFile(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `{"attack":"ramp","seq":%d,"code":200,"timestamp":"2026-11-20T14:%02d:%02d.%09d+01:00","latency":%d,"bytes_out":512,"bytes_in":64,"error":"","body":"eyJsYWJlbCI6ImNyYW5lIiwic2NvcmUiOjAuOTh9","method":"POST","url":"https://runtime.example.com/endpoints/harbor/invocations","headers":{"Content-Type":["application/json"],"Date":["Fri, 20 Nov 2026 14:03:00 GMT"]}}`+"\n",
			i, i/60%60, i%60, i*37, 100_000_000+i)
	}
	return b.Bytes()
}

func guideFile(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"type_":"generative_benchmarks_report","benchmarks":[{"type_":"generative_benchmark","requests":{"successful":[`)
	for i := range n {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `{"request_id":"q%d","output":"%0400d","info":{"timings":{"request_start":%d.25,"request_end":%d.75,"first_token_iteration":%d.5},"error":null},"request_start_time":%d.25,"request_end_time":%d.75,"prompt_tokens":256,"output_tokens":128,"time_to_first_token_ms":250.0}`,
			i, i, 1795183380+i, 1795183380+i, 1795183380+i, 1795183380+i, 1795183380+i)
	}
	b.WriteString("]}}]}")
	return b.Bytes()
}

func benchmark(b *testing.B, f Format, data []byte, requests int) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for r, err := range Read(context.Background(), bytes.NewReader(data), f, Options{}) {
			if _, ok := r.(*Sample); !ok || err != nil {
				b.Fatal(r, err)
			}
			n++
		}
		if n != requests {
			b.Fatalf("%d requests, want %d", n, requests)
		}
	}
	b.ReportMetric(float64(b.N)*float64(requests)/b.Elapsed().Seconds(), "requests/s")
}

func BenchmarkK6JSON(b *testing.B)     { benchmark(b, K6JSON, k6File(5000), 5000) }
func BenchmarkK6CSV(b *testing.B)      { benchmark(b, K6CSV, k6CSVFile(5000), 5000) }
func BenchmarkJMeterCSV(b *testing.B)  { benchmark(b, JMeterCSV, jtlFile(50000), 50000) }
func BenchmarkVegetaJSON(b *testing.B) { benchmark(b, VegetaJSON, vegetaFile(20000), 20000) }
func BenchmarkGuideLLM(b *testing.B)   { benchmark(b, GuideLLM, guideFile(20000), 20000) }
