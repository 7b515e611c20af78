// Package loadtest reads the result files of load testers: k6, Locust, vegeta,
// JMeter, fortio, AIPerf and GuideLLM. It finds the format by content and turns
// each request, or what the tool tells of several together, into a Sample.
//
// # What a row is
//
//	format          a row is                    TS                            DurationUS includes
//	k6-json         one request                 end less duration; see below  sending, waiting, receiving; not connecting
//	k6-csv          one request                 as k6-json; whole seconds     as k6-json
//	                                            unless set otherwise
//	vegeta-json     one request                 sent                          connecting to the whole body
//	vegeta-csv      one request                 sent                          as vegeta-json
//	jmeter-csv      one sampler's request       sent; milliseconds            connecting to the last byte; milliseconds
//	aiperf-jsonl    one request                 sent                          until the last response
//	guidellm-json   one request                 sent                          until the end of the answer
//	locust-history  requests of a name that     start of the window           -1
//	                were counted in a window
//	locust-json     as above, in a second       start of the second           -1
//	fortio-json     requests of a histogram's   start of a slice of the run   the bucket's middle
//	                bucket, in a slice
//	aiperf-json     requests of the run, in a   start of a slice of the run   -1
//	                slice
//
// A row of one request has Weight 1 and SpanUS 0. A row of several, an
// aggregate, has SpanUS above 0, save for a run without length, and TS is where
// that window starts: rates come from sum(Weight) over windows that are longer
// than SpanUS, never from counting rows.
//
// What is not known is -1, or Status 0, or Route "". A request failed if Error
// is not "" or Status is 400 or more; no tool's mark of failure is lost. Status
// is known to k6, vegeta, JMeter and fortio, and to AIPerf for failures; a gRPC
// code becomes the HTTP status that google.rpc.Code documents for it.
//
// # Why some durations are left out
//
// A response time stands only on rows where the tool ties it to requests.
// Locust's history and JSON hold means, percentiles since the start and one
// histogram of the whole run, beside counts in time: laid on the counts they
// would show a latency that does not change with load. AIPerf's summary holds
// percentiles alone. Such rows have -1, so that a quantile over them is empty
// and not wrong. A request that was cut off, by cancellation (AIPerf) or by the
// end of the benchmark (GuideLLM, incomplete), has no response time either.
//
// fortio's histogram is of the whole run, and fortio holds one rate, so each
// bucket is spread evenly over the run in slices of 10 s (or a 360th of the run
// if that is longer): the rows carry the run's time only, and cannot show a
// change during the run. Response times are exact to a bucket's width. Failed
// requests are told apart by ErrorsDurationHistogram; results of older versions,
// which lack it, that mix good and failed requests lose the response times and
// keep the counts, with a *Note that says so.
//
// # Clocks
//
// All times are the clock of the machine that ran the tool. k6 stamps the end
// of a request; subtracting its duration gives the moment at which sending
// began, after the connection was made. Its CSV cuts that stamp to whole
// seconds unless K6_CSV_TIME_FORMAT says otherwise, so that a row may lie up to
// a second early. JMeter stamps the start, as its jmeter.properties has shipped
// for many years (sampleresult.timestamp.start=true); with false the stamp is
// the end and nothing in the file says so. Locust counts requests when they are
// answered, not when they are sent. Times without a zone (JMeter with a date
// format, AIPerf's summary) are refused unless Options.Zone names it.
//
// TTFTUS counts from TS to the first byte (k6: sending and waiting; JMeter:
// Latency, which includes connecting) or to the first token (AIPerf, GuideLLM).
// It is -1 where no answer came.
//
// # What is left out
//
// k6's other metrics, and the sums that JMeter's Transaction Controllers write
// beside their requests. AIPerf's warm-up requests are kept: the endpoint served
// them. GuideLLM leaves out of its file what it was told to take for warm-up and
// cool-down. Locust's row Aggregated counts only where no names stand beside it, and
// what Locust had counted before a file's first row is left out, with a
// *Note, because its window is not known. What AIPerf says in profile_export_aiperf.json is in profile_export.jsonl request
// by request: import one of the two.
//
// Files that cannot be read because they do not say when requests were sent, or
// are in a tool's own encoding, are known to Detect and refused by Read with the
// command that gives a file that can be.
//
// # Trust
//
// Files come from outside. A line or JSON record is bounded in bytes, nesting
// and columns; a number in range; a text in length, and made valid UTF-8. What
// cannot be read is a *Malformed with its line, and the reading goes on behind
// it; a file whose first 1,000 records cannot be read is given up. A large JSON
// document is walked, not loaded. Texts are not masked: that is the caller's.
package loadtest
