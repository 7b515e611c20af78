package main

import (
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"sizewise/ingest/cloudwatch"
)

// targetFlags choose the accounts and regions to ask.
type targetFlags struct {
	targets     []string
	roles       []string
	externalIDs []string
}

func (f *targetFlags) add(fs *pflag.FlagSet) {
	fs.StringArrayVar(&f.roles, "role-arn", nil, "assume it; again: the next one by it")
	fs.StringArrayVar(&f.externalIDs, "external-id", nil, "of the --role-arn in the same place")
	fs.StringArrayVar(&f.targets, "target", nil, "profile=P,region=R,role=ARN,external-id=E")
}

const targetHint = "for example --target profile=prod,region=eu-west-1,role=arn:aws:iam::123456789012:role/read,external-id=x"

// clients are the options of every AWS client that the flags ask for: one for
// each --target, or else one for each pair of --profile and --region.
func (a *app) clients(f targetFlags) ([]cloudwatch.Options, error) {
	if u, err := url.Parse(a.common.endpointURL); a.common.endpointURL != "" && (err != nil || u.Host == "") {
		return nil, usagef("for example --endpoint-url http://127.0.0.1:4599", "--endpoint-url %q is not an address", a.common.endpointURL)
	}
	if len(f.targets) > 0 && len(f.roles) > 0 {
		return nil, usagef(targetHint, "--role-arn does not go with --target, which names its own roles")
	}
	roles, err := chain(f.roles, f.externalIDs)
	if err != nil {
		return nil, err
	}
	var out []cloudwatch.Options
	for _, profile := range list(a.common.profile) {
		for _, region := range list(a.common.region) {
			o := cloudwatch.Options{Profile: profile, Region: region, Roles: roles}
			out = append(out, o)
		}
	}
	if len(f.targets) > 0 {
		if out, err = readTargets(f.targets, out); err != nil {
			return nil, err
		}
	}
	for i := range out {
		out[i].EndpointURL, out[i].Logger, out[i].Now = a.common.endpointURL, a.logger(), a.con.now
	}
	return out, nil
}

// list splits a flag that may name several at commas; an empty flag is one
// empty name, which leaves the choice to AWS's own settings.
func list(flag string) []string {
	var out []string
	for _, s := range strings.Split(flag, ",") {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return []string{""}
	}
	return out
}

func chain(roles, externalIDs []string) ([]cloudwatch.Role, error) {
	if len(externalIDs) > len(roles) {
		return nil, usagef("give the role with --role-arn", "--external-id %q belongs to no role", externalIDs[len(roles)])
	}
	var out []cloudwatch.Role
	for i, arn := range roles {
		role := cloudwatch.Role{ARN: arn}
		if i < len(externalIDs) {
			role.ExternalID = externalIDs[i]
		}
		if err := checkRole(role); err != nil {
			return nil, err
		}
		out = append(out, role)
	}
	return out, nil
}

func checkRole(r cloudwatch.Role) error {
	if !strings.HasPrefix(r.ARN, "arn:") || !strings.Contains(r.ARN, ":role/") {
		return usagef("for example arn:aws:iam::123456789012:role/read", "%q is not the ARN of a role", r.ARN)
	}
	return nil
}

// readTargets reads --target flags. What a target leaves open comes from the
// common flags, where those name just one.
func readTargets(flags []string, common []cloudwatch.Options) ([]cloudwatch.Options, error) {
	if len(common) > 1 {
		return nil, usagef(targetHint, "--target does not go with several regions or profiles")
	}
	var out []cloudwatch.Options
	for _, flag := range flags {
		o, err := readTarget(flag, common[0])
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

func readTarget(flag string, o cloudwatch.Options) (cloudwatch.Options, error) {
	o.Roles = nil
	for _, field := range strings.Split(flag, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(field), "=")
		if !ok || value == "" {
			return o, usagef(targetHint, "--target %q: %q is not name=value", flag, field)
		}
		switch name {
		case "profile":
			o.Profile = value
		case "region":
			o.Region = value
		case "role":
			role := cloudwatch.Role{ARN: value}
			if err := checkRole(role); err != nil {
				return o, err
			}
			o.Roles = append(o.Roles, role)
		case "external-id":
			if len(o.Roles) == 0 {
				return o, usagef(targetHint, "--target %q: external-id stands after the role that it belongs to", flag)
			}
			o.Roles[len(o.Roles)-1].ExternalID = value
		default:
			return o, usagef(targetHint, "--target %q: %q is none of profile, region, role, external-id", flag, name)
		}
	}
	return o, nil
}

// targetName tells targets of one run apart in messages.
func targetName(o cloudwatch.Options) string {
	var parts []string
	for _, s := range []string{o.Profile, o.Region} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if n := len(o.Roles); n > 0 {
		_, role, _ := strings.Cut(o.Roles[n-1].ARN, ":role/")
		parts = append(parts, role)
	}
	return strings.Join(parts, "/")
}
