package server

import (
	"cmp"
	"slices"
	"strings"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// describeEndpoint answers DescribeEndpoint.
func (s *Server) describeEndpoint(c *call) (wire.Object, error) {
	name := c.Params.String("EndpointName")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	for _, e := range s.acct.Endpoints {
		if e.Name == name {
			return s.endpoint(c, e), nil
		}
	}
	return nil, fail("ValidationException", "Could not find endpoint %q.", s.arn(c.region, "endpoint", name))
}

// endpoint is DescribeEndpoint's answer. InstanceType is not in it; that is in
// the configuration.
func (s *Server) endpoint(c *call, e account.Endpoint) wire.Object {
	o := wire.Object{
		{Name: "EndpointName", Value: e.Name},
		{Name: "EndpointArn", Value: s.arn(c.region, "endpoint", e.Name)},
		{Name: "EndpointConfigName", Value: e.ConfigName},
		{Name: "ProductionVariants", Value: variants(e)},
		{Name: "EndpointStatus", Value: e.Status},
		{Name: "CreationTime", Value: e.Created},
		{Name: "LastModifiedTime", Value: e.LastModified},
	}
	if i := slices.IndexFunc(s.acct.Configs, func(k account.EndpointConfig) bool { return k.Name == e.ConfigName }); i >= 0 {
		o = withMetricsConfig(o, s.acct.Configs[i])
	}
	return append(o, object(e.Extra)...)
}

func variants(e account.Endpoint) []wire.Object {
	out := make([]wire.Object, 0, len(e.Variants))
	for _, v := range e.Variants {
		o := wire.Object{{Name: "VariantName", Value: v.Name}}
		if v.Image != "" {
			o = o.With("DeployedImages", []wire.Object{{
				{Name: "SpecifiedImage", Value: v.Image},
				{Name: "ResolvedImage", Value: v.Image},
				{Name: "ResolutionTime", Value: e.Created},
			}})
		}
		o = o.With("CurrentWeight", v.Weight).With("DesiredWeight", v.Weight)
		if !v.Serverless {
			o = o.With("CurrentInstanceCount", int64(v.CurrentCount)).With("DesiredInstanceCount", int64(v.DesiredCount))
		}
		out = append(out, append(o, object(v.Extra)...))
	}
	return out
}

// describeEndpointConfig answers DescribeEndpointConfig.
func (s *Server) describeEndpointConfig(c *call) (wire.Object, error) {
	name := c.Params.String("EndpointConfigName")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	for _, k := range s.acct.Configs {
		if k.Name == name {
			return s.endpointConfig(c, k), nil
		}
	}
	return nil, fail("ValidationException", "Could not find endpoint configuration %q.", s.arn(c.region, "endpoint-config", name))
}

func (s *Server) endpointConfig(c *call, k account.EndpointConfig) wire.Object {
	configured := make([]wire.Object, 0, len(k.Variants))
	for _, v := range k.Variants {
		o := wire.Object{{Name: "VariantName", Value: v.Name}}.WithText("ModelName", v.ModelName).WithText("InstanceType", v.InstanceType)
		if v.InitialCount > 0 {
			o = o.With("InitialInstanceCount", int64(v.InitialCount))
		}
		configured = append(configured, append(o.With("InitialVariantWeight", v.Weight), object(v.Extra)...))
	}
	return append(withMetricsConfig(wire.Object{
		{Name: "EndpointConfigName", Value: k.Name},
		{Name: "EndpointConfigArn", Value: s.arn(c.region, "endpoint-config", k.Name)},
		{Name: "ProductionVariants", Value: configured},
		{Name: "CreationTime", Value: k.Created},
		{Name: "EnableNetworkIsolation", Value: false},
	}, k), object(k.Extra)...)
}

func withMetricsConfig(o wire.Object, k account.EndpointConfig) wire.Object {
	if k.MetricPublishSeconds == 0 {
		return o
	}
	return o.With("MetricsConfig", wire.Object{
		{Name: "EnableEnhancedMetrics", Value: k.EnhancedMetrics},
		{Name: "MetricPublishFrequencyInSeconds", Value: int64(k.MetricPublishSeconds)},
	})
}

// arn is the name in a region of one of the account's SageMaker resources; SageMaker writes
// it in lower case.
func (s *Server) arn(region, kind, name string) string {
	return "arn:aws:sagemaker:" + region + ":" + s.acct.ID + ":" + kind + "/" + strings.ToLower(name)
}

// pageSize is how many resources a List operation of SageMaker is asked for.
func pageSize(p wire.Params) (int, error) {
	n, ok := p.Int("MaxResults")
	switch {
	case !ok:
		return 10, nil
	case n < 1 || n > 100:
		return 0, fail("ValidationException", "1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 100", n)
	}
	return int(n), nil
}

// endpointsRequest is ListEndpoints' input.
type endpointsRequest struct {
	Contains, Status, SortBy string
	Ascending                bool
	Max                      int
}

// listEndpoints answers ListEndpoints, newest first unless asked otherwise.
func (s *Server) listEndpoints(c *call) (wire.Object, error) {
	p := c.Params
	r := endpointsRequest{
		Contains: p.String("NameContains"), Status: p.String("StatusEquals"), SortBy: p.String("SortBy"),
		Ascending: p.String("SortOrder") == "Ascending",
	}
	var err error
	if r.Max, err = pageSize(p); err != nil {
		return nil, err
	}
	came := p.String("NextToken")
	if err := p.Err(); err != nil {
		return nil, err
	}
	at, ok := c.resume(came, r)
	if !ok {
		return nil, invalidToken(c.Service)
	}
	found := s.endpointsLike(r)
	from := min(int(at.Position), len(found))
	to := min(from+r.Max, len(found))
	list := []wire.Object{}
	for _, e := range found[from:to] {
		list = append(list, wire.Object{
			{Name: "EndpointName", Value: e.Name},
			{Name: "EndpointArn", Value: s.arn(c.region, "endpoint", e.Name)},
			{Name: "CreationTime", Value: e.Created},
			{Name: "LastModifiedTime", Value: e.LastModified},
			{Name: "EndpointStatus", Value: e.Status},
		})
	}
	out := wire.Object{{Name: "Endpoints", Value: list}}
	if to < len(found) {
		at.Position = int64(to)
		out = out.With("NextToken", at.encode())
	}
	return out, nil
}

// endpointsLike is the endpoints that match, in the order asked for.
func (s *Server) endpointsLike(r endpointsRequest) []account.Endpoint {
	var found []account.Endpoint
	for _, e := range s.acct.Endpoints {
		if strings.Contains(strings.ToLower(e.Name), strings.ToLower(r.Contains)) && (r.Status == "" || r.Status == e.Status) {
			found = append(found, e)
		}
	}
	slices.SortStableFunc(found, func(a, b account.Endpoint) int {
		order := a.Created.Compare(b.Created)
		switch r.SortBy {
		case "Name":
			order = 0
		case "Status":
			order = cmp.Compare(a.Status, b.Status)
		}
		order = cmp.Or(order, cmp.Compare(a.Name, b.Name))
		if !r.Ascending {
			order = -order
		}
		return order
	})
	return found
}
