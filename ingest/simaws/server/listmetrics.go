package server

import (
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// listRequest is ListMetrics' input.
type listRequest struct {
	Namespace, Name string
	Dims            []account.Dim // an empty value: any
	Recent          bool
}

// Series are listed while they are younger than this. Source: ListMetrics.
const (
	listedFor   = 14 * day
	recentlyFor = 3 * time.Hour // RecentlyActive=PT3H
)

// listMetrics answers ListMetrics.
func (s *Server) listMetrics(c *call) (wire.Object, error) {
	r, err := readListRequest(c.Params)
	if err != nil {
		return nil, err
	}
	came := c.Params.String("NextToken")
	at, ok := c.resume(came, r)
	if !ok {
		return nil, invalidToken(c.Service)
	}
	metrics := []wire.Object{}
	if next, ok := c.held(came, at); ok {
		return wire.Object{{Name: "Metrics", Value: metrics}, {Name: "NextToken", Value: next}}, nil
	}
	i := int(at.Position)
	for ; i < len(s.metrics.all) && len(metrics) < s.opt.ListMetricsPage; i++ {
		if one := s.metrics.all[i]; s.listed(i, c.now, r) {
			metrics = append(metrics, wire.Object{
				{Name: "Namespace", Value: one.Namespace},
				{Name: "MetricName", Value: one.Name},
				{Name: "Dimensions", Value: dimensions(one.Dims)},
			})
		}
	}
	for i < len(s.metrics.all) && !s.listed(i, c.now, r) {
		i++
	}
	out := wire.Object{{Name: "Metrics", Value: metrics}}
	if i < len(s.metrics.all) {
		at.Position = int64(i)
		out = out.With("NextToken", at.encode())
	}
	return out, nil
}

// listed reports whether the ith series matches. Series that differ in their
// unit alone are one metric.
func (s *Server) listed(i int, now time.Time, r listRequest) bool {
	one := s.metrics.all[i]
	if i > 0 && s.metrics.all[i-1].key == one.key {
		return false
	}
	last, ok := one.lastPut(now)
	if !ok || now.Sub(last) > listedFor || (r.Recent && now.Sub(last) > recentlyFor) {
		return false
	}
	if (r.Namespace != "" && r.Namespace != one.Namespace) || (r.Name != "" && r.Name != one.Name) {
		return false
	}
	for _, want := range r.Dims {
		if !hasDim(one.Dims, want) {
			return false
		}
	}
	return true
}

func hasDim(dims []account.Dim, want account.Dim) bool {
	for _, d := range dims {
		if d.Name == want.Name && (want.Value == "" || d.Value == want.Value) {
			return true
		}
	}
	return false
}

func dimensions(dims []account.Dim) []wire.Object {
	out := make([]wire.Object, 0, len(dims))
	for _, d := range dims {
		out = append(out, wire.Object{{Name: "Name", Value: d.Name}, {Name: "Value", Value: d.Value}})
	}
	return out
}

// readListRequest reads and checks ListMetrics' input, all but NextToken.
func readListRequest(p wire.Params) (listRequest, error) {
	r := listRequest{Namespace: p.String("Namespace"), Name: p.String("MetricName")}
	for _, d := range p.Structs("Dimensions") {
		r.Dims = append(r.Dims, account.Dim{Name: d.String("Name"), Value: d.String("Value")})
	}
	recent := p.String("RecentlyActive")
	r.Recent = recent == "PT3H"
	if err := p.Err(); err != nil {
		return r, err
	}
	if recent != "" && !r.Recent {
		return r, invalidValue("The value %s for parameter RecentlyActive is invalid. The only valid value is PT3H.", recent)
	}
	if len(r.Dims) > 10 {
		return r, invalidValue("The collection Dimensions must not have a size greater than 10.")
	}
	return r, nil
}
