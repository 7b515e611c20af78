package loadtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// run is what a tool tells only of a whole run.
type run struct {
	start, length int64 // microseconds
	rows          []Sample
}

// The slices that a run is cut into: 10 s, or longer for runs of more than an
// hour.
const (
	sliceUS   = 10_000_000
	maxSlices = 360
	maxCount  = 1e12
)

// add says that count requests of the run were like s.
func (r *run) add(s Sample, count int64) {
	if count > 0 {
		s.Weight = count
		r.rows = append(r.rows, s)
	}
}

// spread hands out the run's requests in slices of its time, each kind evenly:
// the run's mean rate and its distribution of response times hold in every
// window, and a change of either during the run is not there to be seen.
func (r *run) spread(d *decoder) error {
	if r.length < 0 || r.length > maxDurationUS {
		return errTime
	}
	n := min(max(1, (r.length+sliceUS-1)/sliceUS), maxSlices)
	for i := range n {
		if err := d.alive(); err != nil {
			return err
		}
		from, to := r.length*i/n, r.length*(i+1)/n
		for j, s := range r.rows {
			if s.Weight > maxCount {
				return errCount
			}
			phase := int64(j) * 618 % 1000 // so that rare kinds do not all fall into one slice
			s.TS, s.SpanUS = r.start+from, to-from
			s.Weight = ((i+1)*s.Weight+phase*n/1000)/n - (i*s.Weight+phase*n/1000)/n
			if s.Weight == 0 {
				continue
			}
			if err := d.add(&s); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxBuckets bounds a histogram.
const maxBuckets = 10_000

// bucket is one bar of fortio's histogram: response times in nanoseconds.
type bucket struct{ start, end, count int64 }

// code is how often fortio saw an HTTP status, -1 for a socket error, or a
// gRPC health status.
type code struct {
	name  string
	count int64
}

// fortioResult is fortio's RunnerResults.
// https://github.com/fortio/fortio/blob/master/periodic/periodic.go
type fortioResult struct {
	start  int64 // microseconds, -1 unknown
	length int64
	url    []byte
	all    []bucket
	failed []bucket
	split  bool // failed is said
	codes  []code
}

// fortio reads one result.
func (d *decoder) fortio() error {
	return d.documents(func(at place) error {
		r := fortioResult{start: -1, length: -1}
		if err := d.p.whole(func(key []byte) error { return d.p.fortioField(&r, key) }); err != nil {
			return err
		}
		if r.start < 0 || r.length < 0 {
			return errors.New("no StartTime or ActualDuration")
		}
		if len(r.all) == 0 && len(r.codes) == 0 {
			return errors.New("no DurationHistogram and no RetCodes")
		}
		out := run{start: r.start, length: r.length}
		blind := r.rows(&out, d.texts.route(r.url))
		if err := out.spread(d); err != nil || !blind {
			return err
		}
		return d.note(at, "the response times of failed requests are not told apart: all response times are left out")
	})
}

func (p *parser) fortioField(r *fortioResult, key []byte) (err error) {
	switch string(key) {
	case "StartTime":
		b, err := p.str()
		if ts, ok := rfc3339(b); ok {
			r.start = ts
		}
		return err
	case "ActualDuration":
		r.length, err = p.scaled(-3, -1)
	case "URL", "Destination":
		r.url, err = p.str()
	case "DurationHistogram":
		r.all, err = p.fortioHistogram()
	case "ErrorsDurationHistogram":
		r.split = p.peek() != 'n'
		r.failed, err = p.fortioHistogram()
	case "RetCodes":
		err = p.object(func(key []byte) error {
			n, err := p.scaled(0, 0)
			if n < 0 || len(r.codes) > maxFields {
				return errCount
			}
			r.codes = append(r.codes, code{text(key), n})
			return err
		})
	default:
		err = p.skip()
	}
	return err
}

func (p *parser) fortioHistogram() (out []bucket, err error) {
	err = p.object(func(key []byte) error {
		if string(key) != "Data" {
			return p.skip()
		}
		return p.array(func() error {
			b := bucket{start: -1, end: -1}
			err := p.object(func(key []byte) (err error) {
				switch string(key) {
				case "Start":
					b.start, err = p.scaled(9, -1)
				case "End":
					b.end, err = p.scaled(9, -1)
				case "Count":
					b.count, err = p.scaled(0, 0)
				default:
					err = p.skip()
				}
				return err
			})
			switch {
			case err != nil:
				return err
			case b.start < 0 || b.end < b.start || b.end/1000 > maxDurationUS || b.count < 0 || b.count > maxCount:
				return errors.New("histogram with a bucket that cannot be")
			case len(out) == maxBuckets:
				return fmt.Errorf("histogram of more than %d buckets", maxBuckets)
			}
			out = append(out, b)
			return nil
		})
	})
	return out, err
}

// rows fills in what the run's requests were like. It reports true if
// response times had to be left out, because good and failed requests share
// one histogram.
func (r *fortioResult) rows(out *run, route string) (blind bool) {
	slices.SortFunc(r.codes, func(a, b code) int { return strings.Compare(a.name, b.name) })
	good := Sample{Route: route, TTFTUS: -1, TokensIn: -1, TokensOut: -1}
	bad := good
	var failed, total, buckets int64
	var goodCodes, badCodes []code
	for _, c := range r.codes {
		if total += c.count; c.count == 0 {
			continue
		}
		if c.ok() {
			goodCodes = append(goodCodes, c)
		} else {
			failed += c.count
			badCodes = append(badCodes, c)
		}
	}
	for _, b := range r.all {
		buckets += b.count
	}
	if len(goodCodes) == 1 {
		good.Status = goodCodes[0].status()
	}
	if bad.Error = describe(badCodes); len(badCodes) == 1 {
		bad.Status = badCodes[0].status()
	}
	switch {
	case failed == 0 && buckets > 0:
		out.histogram(good, r.all)
	case failed == total && buckets > 0:
		out.histogram(bad, r.all)
	case r.split && buckets > 0 && r.subtract(failed):
		out.histogram(good, r.all)
		out.histogram(bad, r.failed)
	default:
		r.blind(out, good)
		return buckets > 0
	}
	return false
}

// blind fills in the requests by status, without response times.
func (r *fortioResult) blind(out *run, s Sample) {
	s.DurationUS = -1
	for _, c := range r.codes {
		s.Status, s.Error = c.status(), ""
		if !c.ok() {
			s.Error = describe([]code{c})
		}
		out.add(s, c.count)
	}
}

// subtract takes the failed requests out of all. Both histograms have the same
// bounds, but for the ends, which are the least and the greatest time seen.
func (r *fortioResult) subtract(failed int64) bool {
	rest := slices.Clone(r.all)
	for _, f := range r.failed {
		i := slices.IndexFunc(rest, func(b bucket) bool { return b.end >= f.end })
		if i < 0 || rest[i].count < f.count {
			return false
		}
		rest[i].count -= f.count
		failed -= f.count
	}
	if failed != 0 {
		return false
	}
	r.all = rest
	return true
}

// histogram adds a row for each bucket, with its middle as response time.
func (r *run) histogram(s Sample, buckets []bucket) {
	for _, b := range buckets {
		s.DurationUS = (b.start + (b.end-b.start)/2 + 500) / 1000
		r.add(s, b.count)
	}
}

// ok reports what fortio takes for success: 2xx and 418, or a name of success.
func (c code) ok() bool {
	s := c.status()
	return s >= 200 && s < 300 || s == 418 || c.name == "OK" || c.name == "SERVING"
}

func (c code) status() int32 {
	if v, ok := integer([]byte(c.name)); ok && v > 0 && v <= 999 {
		return int32(v)
	}
	return 0
}

// describe names the codes that a failed request had one of.
func describe(codes []code) string {
	var names []string
	for _, c := range codes {
		switch {
		case c.name == "-1":
			names = append(names, "socket error")
		case c.status() > 0:
			names = append(names, "status "+c.name)
		default:
			names = append(names, c.name)
		}
		if len(names) == 10 {
			break
		}
	}
	return strings.Join(names, " or ")
}
