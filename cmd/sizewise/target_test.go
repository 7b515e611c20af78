package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sizewise/ingest/cloudwatch"
)

func TestClients(t *testing.T) {
	const read, write = "arn:aws:iam::123456789012:role/read", "arn:aws:iam::210987654321:role/hop"
	type role = cloudwatch.Role
	for name, c := range map[string]struct {
		common commonFlags
		flags  targetFlags
		want   []cloudwatch.Options
		err    string
	}{
		"nothing": {want: []cloudwatch.Options{{}}},
		"every pair": {
			common: commonFlags{profile: "a, b", region: "eu-west-1,us-east-1,eu-west-1"},
			want: []cloudwatch.Options{
				{Profile: "a", Region: "eu-west-1"},
				{Profile: "a", Region: "us-east-1"},
				{Profile: "b", Region: "eu-west-1"},
				{Profile: "b", Region: "us-east-1"},
			},
		},
		"chain": {
			common: commonFlags{profile: "a"},
			flags:  targetFlags{roles: []string{write, read}, externalIDs: []string{"", "x"}},
			want:   []cloudwatch.Options{{Profile: "a", Roles: []role{{ARN: write}, {ARN: read, ExternalID: "x"}}}},
		},
		"targets": {
			common: commonFlags{region: "eu-west-1"},
			flags: targetFlags{targets: []string{
				"profile=p,role=" + write + ",external-id=x,role=" + read, "region=us-east-1",
			}},
			want: []cloudwatch.Options{
				{Profile: "p", Region: "eu-west-1", Roles: []role{{ARN: write, ExternalID: "x"}, {ARN: read}}},
				{Region: "us-east-1"},
			},
		},
		"target and pairs":       {common: commonFlags{region: "a,b"}, flags: targetFlags{targets: []string{"profile=x"}}, err: "several regions"},
		"target and role":        {flags: targetFlags{targets: []string{"profile=x"}, roles: []string{read}}, err: "does not go with --target"},
		"external id first":      {flags: targetFlags{targets: []string{"external-id=x,role=" + read}}, err: "stands after the role"},
		"unknown field":          {flags: targetFlags{targets: []string{"account=1"}}, err: "none of profile"},
		"no value":               {flags: targetFlags{targets: []string{"profile="}}, err: "not name=value"},
		"not a role":             {flags: targetFlags{roles: []string{"read"}}, err: "not the ARN of a role"},
		"external id of no role": {flags: targetFlags{externalIDs: []string{"x"}}, err: "belongs to no role"},
		"not an address":         {common: commonFlags{endpointURL: "localhost"}, err: "not an address"},
	} {
		t.Run(name, func(t *testing.T) {
			a := &app{common: c.common}
			got, err := a.clients(c.flags)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i].Logger, got[i].Now = nil, nil
			}
			if diff := cmp.Diff(c.want, got, cmpopts.IgnoreUnexported(cloudwatch.Options{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}
