package server_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

const (
	hubRole    = "arn:aws:iam::123456789012:role/hub"
	readerRole = "arn:aws:iam::123456789012:role/team/reader"
)

// roleAccount has a chain of two roles: alice may become hub, and hub, with an
// external id, may become reader, who reads metrics only.
func roleAccount() *account.Account {
	acct := testAccount()
	acct.Users = []account.User{{Name: "alice", AccessKeyID: "AKIAALICE", Allow: []string{"sts:*"}}}
	acct.Roles = []account.Role{
		{ARN: hubRole, Trusts: []string{"arn:aws:iam::123456789012:user/alice"}},
		{ARN: readerRole, ExternalID: "tenant-7", Trusts: []string{hubRole}, Allow: []string{"cloudwatch:*"}},
	}
	return acct
}

func as(url string, c aws.Credentials) aws.Config {
	k := config(url)
	k.Credentials = credentials.StaticCredentialsProvider{Value: c}
	return k
}

func assume(k aws.Config, role, external string, seconds int32) (aws.Credentials, error) {
	in := &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("test"), DurationSeconds: &seconds}
	if external != "" {
		in.ExternalId = &external
	}
	out, err := sts.NewFromConfig(k).AssumeRole(context.Background(), in)
	if err != nil {
		return aws.Credentials{}, err
	}
	c := out.Credentials
	return aws.Credentials{AccessKeyID: *c.AccessKeyId, SecretAccessKey: *c.SecretAccessKey, SessionToken: *c.SessionToken}, nil
}

func TestRoleChain(t *testing.T) {
	clock := now
	_, url := serve(t, roleAccount(), server.Options{Now: func() time.Time { return clock }})
	alice := as(url, aws.Credentials{AccessKeyID: "AKIAALICE", SecretAccessKey: "x"})
	hub, err := assume(alice, hubRole, "", 900)
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"a role that does not trust alice": second(assume(alice, readerRole, "tenant-7", 900)),
		"no external id":                   second(assume(as(url, hub), readerRole, "", 900)),
		"the wrong external id":            second(assume(as(url, hub), readerRole, "tenant-8", 900)),
		"a role that is not there":         second(assume(alice, hubRole+"x", "", 900)),
	} {
		if e := apiError(t, err); e.ErrorCode() != "AccessDenied" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := assume(as(url, hub), readerRole, "tenant-7", 7200); apiError(t, err).ErrorCode() != "ValidationError" {
		t.Errorf("two hours by chaining: %v", err)
	}
	reader, err := assume(as(url, hub), readerRole, "tenant-7", 900)
	if err != nil {
		t.Fatal(err)
	}
	who, err := sts.NewFromConfig(as(url, reader)).GetCallerIdentity(t.Context(), nil)
	if err != nil || *who.Arn != "arn:aws:sts::123456789012:assumed-role/reader/test" {
		t.Errorf("caller %+v, %v", who, err)
	}
	if _, err := cloudwatch.NewFromConfig(as(url, reader)).ListMetrics(t.Context(), nil); err != nil {
		t.Errorf("what the role allows: %v", err)
	}
	_, err = cloudwatchlogs.NewFromConfig(as(url, reader)).DescribeLogGroups(t.Context(), nil)
	if e := apiError(t, err); e.ErrorCode() != "AccessDeniedException" {
		t.Errorf("what the role does not allow: %v", err)
	}
	clock = clock.Add(901 * time.Second)
	_, err = cloudwatch.NewFromConfig(as(url, reader)).ListMetrics(t.Context(), nil)
	if e := apiError(t, err); e.ErrorCode() != "ExpiredToken" && e.ErrorCode() != "ExpiredTokenException" {
		t.Errorf("a session that is over: %v", err)
	}
	reader.SessionToken = "other"
	_, err = cloudwatchlogs.NewFromConfig(as(url, reader)).DescribeLogGroups(t.Context(), nil)
	if e := apiError(t, err); e.ErrorCode() != "UnrecognizedClientException" {
		t.Errorf("a wrong session token: %v", err)
	}
}

func second(_ aws.Credentials, err error) error { return err }

func TestServiceQuotas(t *testing.T) {
	acct := testAccount()
	acct.Quotas = []account.ServiceQuota{{Service: "monitoring", Code: "L-5E141212", Value: 900}}
	_, url := serve(t, acct, server.Options{})
	c := servicequotas.NewFromConfig(config(url))
	ask := func(service, code string) (float64, error) {
		out, err := c.GetServiceQuota(t.Context(), &servicequotas.GetServiceQuotaInput{ServiceCode: &service, QuotaCode: &code})
		if err != nil {
			return 0, err
		}
		return *out.Quota.Value, nil
	}
	for code, want := range map[string]float64{"L-5E141212": 900, "L-05D334F0": 25} {
		if v, err := ask("monitoring", code); err != nil || v != want {
			t.Errorf("%s: %g, %v; want %g", code, v, err, want)
		}
	}
	if _, err := ask("monitoring", "L-00000000"); apiError(t, err).ErrorCode() != "NoSuchResourceException" {
		t.Errorf("unknown quota: %v", err)
	}
	def, err := c.GetAWSDefaultServiceQuota(t.Context(), &servicequotas.GetAWSDefaultServiceQuotaInput{ServiceCode: aws.String("monitoring"), QuotaCode: aws.String("L-5E141212")})
	if err != nil || *def.Quota.Value != 500 {
		t.Errorf("default: %+v, %v", def, err)
	}
	var names []string
	pages := servicequotas.NewListServiceQuotasPaginator(c, &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("logs"), MaxResults: aws.Int32(4)})
	for pages.HasMorePages() {
		out, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range out.Quotas {
			names = append(names, *q.QuotaName)
			if *q.QuotaName == "FilterLogEvents throttle limit in transactions per second" && (*q.Value != 25 || q.Adjustable) {
				t.Errorf("FilterLogEvents in us-east-1: %+v", q)
			}
		}
	}
	if len(names) != 6 || !slices.IsSorted(names) {
		t.Errorf("quotas of logs: %v", names)
	}
}

// TestClock: the Date header tells the skew, and signatures are held to it.
func TestClock(t *testing.T) {
	wall := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	_, url := serve(t, testAccount(), server.Options{Wall: fixedClock(wall), Skew: 8 * time.Minute})
	response, err := http.Post(url, "application/x-amz-json-1.1", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if d := response.Header.Get("Date"); d != "Fri, 20 Nov 2026 15:08:00 GMT" {
		t.Errorf("Date %s", d)
	}
	_, url = serve(t, testAccount(), server.Options{Wall: fixedClock(wall.Add(-24 * time.Hour)), CheckClock: true})
	_, err = logClient(url).DescribeLogGroups(t.Context(), nil)
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "InvalidSignatureException" {
		t.Errorf("signed a day away: %v", err)
	}
}
