package loadtest

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
)

// The columns of JMeter's CSV that matter.
// https://jmeter.apache.org/usermanual/listeners.html#csvlogformat
const (
	jmTime = iota
	jmElapsed
	jmLabel
	jmCode
	jmMessage
	jmSuccess
	jmFailure
	jmURL
	jmLatency
	jmSamples
	jmErrors
)

func jmeterColumns() []string {
	return []string{
		"timestamp", "elapsed", "label", "responsecode", "responsemessage", "success",
		"failuremessage", "url", "latency", "samplecount", "errorcount",
	}
}

// jmeterDefault is the default order for a file without header: of JMeter 5,
// JMeter 3 and JMeter 2, told apart by the number of columns; nil for another.
func jmeterDefault(columns int) [][]byte {
	order := "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,"
	switch columns {
	case 17:
		order += "failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect"
	case 16:
		order += "failureMessage,bytes,sentBytes,grpThreads,allThreads,Latency,IdleTime,Connect"
	case 12:
		order += "bytes,grpThreads,allThreads,Latency"
	default:
		return nil
	}
	return bytes.Split([]byte(order), []byte{','})
}

// jmeterComma is the separator of a first line: JMeter's default_delimiter.
func jmeterComma(line []byte) byte {
	for _, c := range []byte(",;\t|") {
		if bytes.IndexByte(line, c) >= 0 {
			return c
		}
	}
	return ','
}

// jmeterCSV reads a row per sample.
func (d *decoder) jmeterCSV() error {
	d.lines.quotes = true
	var r row
	var h header
	return d.eachLine(func(line []byte, _ place) error {
		if r.comma == 0 {
			r.comma = jmeterComma(line)
		}
		fields, err := r.cut(line)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(fields, isTimeStamp) {
			if h = newHeader(fields, jmeterColumns()...); h.index[jmElapsed] < 0 {
				h.names = nil
				return errors.New("header without elapsed")
			}
			return nil
		}
		if h.names == nil {
			order := jmeterDefault(len(fields))
			if order == nil || !isBool(fields[7]) {
				return errors.New("no header, and not JMeter's default order of columns")
			}
			h = newHeader(order, jmeterColumns()...)
		}
		if err := h.fits(fields); err != nil {
			return err
		}
		return d.jmeterRow(&h, fields)
	})
}

// isTransaction reports that a message is the one that a Transaction Controller
// gives to the sum of its requests.
func isTransaction(message []byte) bool {
	const sum = "Number of samples in transaction"
	return len(message) >= len(sum) && string(message[:len(sum)]) == sum
}

func isTimeStamp(b []byte) bool { return string(b) == "timeStamp" }

func isBool(b []byte) bool { return string(b) == "true" || string(b) == "false" }

func (d *decoder) jmeterRow(h *header, fields [][]byte) error {
	s := known()
	if isTransaction(h.get(fields, jmMessage)) {
		return nil // its requests stand in rows of their own
	}
	var ok bool
	if s.TS, ok = jmeterTime(h.get(fields, jmTime), d.o); !ok {
		return errors.New("timeStamp is neither milliseconds nor a date and time in a known zone")
	}
	if s.DurationUS, ok = scaled(h.get(fields, jmElapsed), 3); !ok || s.DurationUS < 0 {
		return errDuration
	}
	if b := h.get(fields, jmLatency); len(b) > 0 {
		if s.TTFTUS, ok = scaled(b, 3); !ok {
			return errors.New("Latency is not a number") //nolint:staticcheck // the name of the column
		}
	}
	code := h.get(fields, jmCode)
	if v, ok := integer(code); ok && v >= 0 && v <= 999 {
		s.Status = int32(v)
	}
	if s.Status == 0 || s.TTFTUS == 0 {
		s.TTFTUS = -1 // no answer, or a sampler that does not measure it
	}
	s.Route = d.texts.route(h.get(fields, jmLabel))
	if s.Route == "" {
		s.Route = d.texts.route(h.get(fields, jmURL))
	}
	if err := d.jmeterOutcome(h, fields, &s); err != nil {
		return err
	}
	return d.jmeterWeight(h, fields, &s)
}

// jmeterTime reads milliseconds, or a date where the zone is known.
func jmeterTime(b []byte, o Options) (int64, bool) {
	if v, ok := integer(b); ok {
		return v * 1000, v >= 0 && v < maxTS/1000
	}
	return local(b, o.Zone)
}

// jmeterOutcome fills in the error of a sample that failed: the assertion's
// message, or else the response's with its code where that is no number.
func (d *decoder) jmeterOutcome(h *header, fields [][]byte, s *Sample) error {
	success := h.get(fields, jmSuccess)
	switch {
	case bytes.EqualFold(success, []byte("true")):
		return nil
	case success != nil && !bytes.EqualFold(success, []byte("false")):
		return errors.New("success is neither true nor false")
	case success == nil && s.Status > 0 && s.Status < 400:
		return nil
	}
	code, message := h.get(fields, jmCode), h.get(fields, jmMessage)
	switch failure := h.get(fields, jmFailure); {
	case len(failure) > 0:
		s.Error = d.texts.error(failure)
	case s.Status == 0 && len(code) > 0 && len(message) > 0:
		s.Error = d.texts.error(append(append(append([]byte(nil), code...), ": "...), message...))
	case s.Status == 0 && len(code) > 0:
		s.Error = d.texts.error(code)
	case len(message) > 0 && (success != nil || s.Status >= 400):
		s.Error = d.texts.error(message)
	case success != nil:
		s.Error = "failed"
	}
	return nil
}

// jmeterWeight hands out s, as several rows where a remote engine added
// samples up: then elapsed is a sum and no request's response time.
func (d *decoder) jmeterWeight(h *header, fields [][]byte, s *Sample) error {
	samples, ok := integer(h.get(fields, jmSamples))
	if !ok || samples <= 1 {
		return d.add(s)
	}
	s.DurationUS, s.TTFTUS = -1, -1
	failed, _ := integer(h.get(fields, jmErrors))
	failed = min(max(failed, 0), samples)
	if good := samples - failed; good > 0 {
		one := *s
		one.Weight, one.Error = good, ""
		if failed > 0 {
			one.Status = 0
		}
		if err := d.add(&one); err != nil {
			return err
		}
	}
	if failed == 0 {
		return nil
	}
	s.Weight, s.Error = failed, cmp.Or(s.Error, "failed")
	if failed < samples {
		s.Status = 0
	}
	return d.add(s)
}
