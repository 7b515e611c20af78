package cloudwatch

import (
	"encoding/json"
	"fmt"
	"slices"
)

type policy struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource []string
}

// Policy is the least IAM policy with which subjects made of these kinds can be
// pulled, all kinds when none is given, as indented JSON. All actions are reads
// but StopQuery, which ends a query that was started. Resources are limited to
// SageMaker's where the service allows it; the metric actions, DescribeLogGroups
// and the actions that name a query do not. In the partitions of China and
// GovCloud, arn:aws becomes arn:aws-cn and arn:aws-us-gov. Source: Service
// Authorization Reference.
func Policy(kinds ...ResourceKind) string { return encode(statements(kinds)) }

// DoctorPolicy is Policy and the permission to list quotas, which only Probe
// uses.
func DoctorPolicy(kinds ...ResourceKind) string {
	return encode(append(statements(kinds), statement{
		Sid: "SizewiseQuotas", Effect: "Allow", Action: []string{"servicequotas:ListServiceQuotas"}, Resource: []string{"*"},
	}))
}

// DiscoveryPolicy is Policy and the permissions to list these kinds and, with
// tags, to read theirs.
func DiscoveryPolicy(tags bool, listed, kinds []ResourceKind) string {
	var actions []string
	for _, k := range listed {
		actions = append(actions, "sagemaker:"+k.ListOperation())
	}
	if tags {
		actions = append(actions, "sagemaker:ListTags")
	}
	slices.Sort(actions)
	actions = slices.Compact(actions)
	return encode(append(statements(kinds), statement{Sid: "SizewiseDiscovery", Effect: "Allow", Action: actions, Resource: []string{"*"}}))
}

func encode(s []statement) string {
	text, err := json.MarshalIndent(policy{Version: "2012-10-17", Statement: s}, "", "  ")
	if err != nil {
		// A struct of strings always encodes.
		panic(fmt.Sprintf("encoding the policy: %v", err))
	}
	return string(text)
}

func statements(kinds []ResourceKind) []statement {
	var describe, resources, scaling []string
	for _, k := range withConfigs(kinds) {
		if k.Optional() {
			scaling = append(scaling, k.Action())
			continue
		}
		describe = append(describe, k.Action())
		resources = append(resources, "arn:aws:sagemaker:*:*:"+k.arnType()+"/*")
	}
	out := []statement{
		{
			Sid: "SizewiseMetrics", Effect: "Allow",
			Action: []string{"cloudwatch:GetMetricData", "cloudwatch:ListMetrics"}, Resource: []string{"*"},
		},
		{
			Sid: "SizewiseLogs", Effect: "Allow",
			Action:   []string{"logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:StartQuery"},
			Resource: []string{"arn:aws:logs:*:*:log-group:/aws/sagemaker/*"},
		},
		{
			Sid: "SizewiseLogQueries", Effect: "Allow",
			Action: []string{"logs:DescribeLogGroups", "logs:GetQueryResults", "logs:StopQuery"}, Resource: []string{"*"},
		},
		{Sid: "SizewiseDescribe", Effect: "Allow", Action: describe, Resource: resources},
	}
	if len(scaling) > 0 {
		out = append(out, statement{Sid: "SizewiseScaling", Effect: "Allow", Action: scaling, Resource: []string{"*"}})
	}
	return out
}

// withConfigs is kinds in order and without repetition, every kind when there is
// none. Who describes an endpoint describes its config and how it is scaled, and
// who describes an inference component its endpoint.
func withConfigs(kinds []ResourceKind) []ResourceKind {
	if len(kinds) == 0 {
		return ResourceKinds()
	}
	all := slices.Clone(kinds)
	if slices.Contains(all, KindInferenceComponent) {
		all = append(all, KindEndpoint)
	}
	if slices.Contains(all, KindEndpoint) {
		all = append(all, KindEndpointConfig, KindScalableTarget, KindScalingPolicy)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
