package server

import (
	"cmp"
	"slices"
	"strings"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// serviceQuota is one quota as Service Quotas lists it.
type serviceQuota struct {
	service, serviceName string
	code, name           string
	value                float64
	perSecond            bool
	adjustable           bool
}

// Service codes and names.
const (
	monitoring, monitoringName = "monitoring", "Amazon CloudWatch"
	logs, logsName             = "logs", "Amazon CloudWatch Logs"
)

// serviceQuotas is AWS's defaults in a Region. Sources: AWS General Reference,
// "Amazon CloudWatch endpoints and quotas" and "Amazon CloudWatch Logs endpoints
// and quotas". Those pages print the codes of adjustable quotas only; the codes
// that begin with L-SIM are this package's own, and clients should tell such
// quotas by their names.
func serviceQuotas(region string) []serviceQuota {
	q := RegionQuotas(region)
	rate := func(service, serviceName, code, name, operation string, adjustable bool) serviceQuota {
		return serviceQuota{service, serviceName, code, name, q.PerSecond[operation], true, adjustable}
	}
	tps := func(code, operation string, adjustable bool) serviceQuota {
		return rate(logs, logsName, code, operation+" throttle limit in transactions per second", operation, adjustable)
	}
	return []serviceQuota{
		rate(monitoring, monitoringName, "L-5E141212", "Rate of GetMetricData requests", "GetMetricData", true),
		rate(monitoring, monitoringName, "L-05D334F0", "Rate of ListMetrics requests", "ListMetrics", true),
		{monitoring, monitoringName, "L-SIM00001", "Rate of GetMetricData datapoints for metrics older than 3 hours", q.OlderDatapoints, true, false},
		{monitoring, monitoringName, "L-SIM00002", "Rate of GetMetricData datapoints for the last 3 hours of metrics", q.RecentDatapoints, true, false},
		tps("L-4284EEDE", "DescribeLogGroups", true),
		tps("L-3F243AD0", "DescribeLogStreams", true),
		tps("L-SIM00003", "FilterLogEvents", false),
		tps("L-SIM00004", "GetLogEvents", false),
		tps("L-SIM00005", "StartQuery", false),
		tps("L-SIM00006", "GetQueryResults", false),
	}
}

// quotasRequest is the input of the listing operations.
type quotasRequest struct {
	Service, Code string
	Max           int
}

// listServiceQuotas answers ListServiceQuotas: the account's own values.
func (s *Server) listServiceQuotas(c *call) (wire.Object, error) {
	return s.listQuotas(c, s.acct.Quotas)
}

// listDefaultQuotas answers ListAWSDefaultServiceQuotas.
func (s *Server) listDefaultQuotas(c *call) (wire.Object, error) { return s.listQuotas(c, nil) }

func (s *Server) listQuotas(c *call, own []account.ServiceQuota) (wire.Object, error) {
	r := quotasRequest{Service: c.Params.String("ServiceCode"), Code: c.Params.String("QuotaCode"), Max: 100}
	came := c.Params.String("NextToken")
	n, limited := c.Params.Int("MaxResults")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	if limited {
		if n < 1 || n > 100 {
			return nil, fail("IllegalArgumentException", "MaxResults must be between 1 and 100.")
		}
		r.Max = int(n)
	}
	var found []serviceQuota
	known := false
	for _, q := range serviceQuotas(s.acct.Region) {
		known = known || q.service == r.Service
		if q.service == r.Service && (r.Code == "" || r.Code == q.code) {
			found = append(found, q)
		}
	}
	if !known {
		return nil, fail("NoSuchResourceException", "The request failed because the specified service does not exist.")
	}
	slices.SortStableFunc(found, func(a, b serviceQuota) int { return cmp.Compare(a.name, b.name) })
	at, ok := c.resume(came, r)
	if !ok {
		return nil, invalidToken(c.Service)
	}
	from := min(int(at.Position), len(found))
	to := min(from+r.Max, len(found))
	list := []wire.Object{}
	for _, q := range found[from:to] {
		list = append(list, s.quotaObject(q, own))
	}
	out := wire.Object{{Name: "Quotas", Value: list}}
	if to < len(found) {
		at.Position = int64(to)
		out = out.With("NextToken", at.encode())
	}
	return out, nil
}

// getServiceQuota answers GetServiceQuota, the account's own value.
func (s *Server) getServiceQuota(c *call) (wire.Object, error) { return s.oneQuota(c, s.acct.Quotas) }

// getDefaultQuota answers GetAWSDefaultServiceQuota.
func (s *Server) getDefaultQuota(c *call) (wire.Object, error) { return s.oneQuota(c, nil) }

func (s *Server) oneQuota(c *call, own []account.ServiceQuota) (wire.Object, error) {
	service, code := c.Params.String("ServiceCode"), c.Params.String("QuotaCode")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	for _, q := range serviceQuotas(s.acct.Region) {
		if q.service == service && q.code == code {
			return wire.Object{{Name: "Quota", Value: s.quotaObject(q, own)}}, nil
		}
	}
	return nil, fail("NoSuchResourceException", "The request failed because the specified quota does not exist.")
}

func (s *Server) quotaObject(q serviceQuota, own []account.ServiceQuota) wire.Object {
	for _, mine := range own {
		if mine.Service == q.service && mine.Code == q.code {
			q.value = mine.Value
		}
	}
	o := wire.Object{
		{Name: "ServiceCode", Value: q.service},
		{Name: "ServiceName", Value: q.serviceName},
		{Name: "QuotaArn", Value: strings.Join([]string{"arn:aws:servicequotas", s.acct.Region, s.acct.ID, q.service + "/" + q.code}, ":")},
		{Name: "QuotaCode", Value: q.code},
		{Name: "QuotaName", Value: q.name},
		{Name: "Value", Value: q.value},
		{Name: "Unit", Value: "None"},
		{Name: "Adjustable", Value: q.adjustable},
		{Name: "GlobalQuota", Value: false},
		{Name: "QuotaAppliedAtLevel", Value: "ACCOUNT"},
	}
	if q.perSecond {
		o = o.With("Period", wire.Object{{Name: "PeriodValue", Value: int64(1)}, {Name: "PeriodUnit", Value: "SECOND"}})
	}
	return o
}
