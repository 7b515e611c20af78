package server

import (
	"slices"
	"strings"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// variantCount is the dimension of a variant's number of instances.
const variantCount = "sagemaker:variant:DesiredInstanceCount"

// scalingOperation is the operation of Application Auto Scaling by its name.
func scalingOperation(name string) operation {
	switch name {
	case "DescribeScalableTargets":
		return (*Server).describeScalableTargets
	case "DescribeScalingPolicies":
		return (*Server).describeScalingPolicies
	}
	return nil
}

// scalingRequest is the input of both operations without its token.
type scalingRequest struct {
	Dimension string
	Resources []string // none: every one
	Names     []string // of policies
	Max       int
}

// scalingRequest reads it. A dimension needs a resource, as documented.
func (c *call) scalingRequest() (r scalingRequest, came string, err error) {
	p := c.Params
	namespace := p.String("ServiceNamespace")
	r = scalingRequest{Dimension: p.String("ScalableDimension"), Resources: p.Strings("ResourceIds"), Names: p.Strings("PolicyNames"), Max: 50}
	if one := p.String("ResourceId"); one != "" {
		r.Resources = append(r.Resources, one)
	}
	came = p.String("NextToken")
	if n, ok := p.Int("MaxResults"); ok {
		r.Max = int(min(max(n, 1), 50))
	}
	if err := p.Err(); err != nil {
		return r, came, err
	}
	switch {
	case namespace == "":
		return r, came, required("ServiceNamespace")
	case namespace != "sagemaker":
		r.Resources = []string{"of another service"}
	case r.Dimension != "" && len(r.Resources) == 0:
		return r, came, fail("ValidationException", "A resource ID is required when a scalable dimension is specified")
	}
	return r, came, nil
}

func (r scalingRequest) wants(t account.ScalableTarget) bool {
	return (r.Dimension == "" || r.Dimension == dimension(t)) && (len(r.Resources) == 0 || slices.Contains(r.Resources, t.ResourceID))
}

func dimension(t account.ScalableTarget) string {
	if t.Dimension != "" {
		return t.Dimension
	}
	return variantCount
}

// describeScalableTargets answers DescribeScalableTargets. A resource that is not
// registered is left out, which is no error.
func (s *Server) describeScalableTargets(c *call) (wire.Object, error) {
	r, came, err := c.scalingRequest()
	if err != nil {
		return nil, err
	}
	var found []wire.Object
	for _, t := range s.acct.Scaling {
		if !r.wants(t) {
			continue
		}
		found = append(found, wire.Object{
			{Name: "ServiceNamespace", Value: "sagemaker"},
			{Name: "ResourceId", Value: t.ResourceID},
			{Name: "ScalableDimension", Value: dimension(t)},
			{Name: "MinCapacity", Value: int64(t.Min)},
			{Name: "MaxCapacity", Value: int64(t.Max)},
			{Name: "RoleARN", Value: "arn:aws:iam::" + s.acct.ID + ":role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"},
			{Name: "CreationTime", Value: t.Created},
			{Name: "SuspendedState", Value: wire.Object{
				{Name: "DynamicScalingInSuspended", Value: false},
				{Name: "DynamicScalingOutSuspended", Value: false},
				{Name: "ScheduledScalingSuspended", Value: false},
			}},
			{Name: "ScalableTargetARN", Value: "arn:aws:application-autoscaling:" + c.region + ":" + s.acct.ID + ":scalable-target/" + strings.ReplaceAll(t.ResourceID, "/", "-")},
		})
	}
	return scalingPage(c, "ScalableTargets", found, r, came)
}

// describeScalingPolicies answers DescribeScalingPolicies.
func (s *Server) describeScalingPolicies(c *call) (wire.Object, error) {
	r, came, err := c.scalingRequest()
	if err != nil {
		return nil, err
	}
	var found []wire.Object
	for _, t := range s.acct.Scaling {
		for _, p := range t.Policies {
			if r.wants(t) && (len(r.Names) == 0 || slices.Contains(r.Names, p.Name)) {
				found = append(found, s.scalingPolicy(c, t, p))
			}
		}
	}
	return scalingPage(c, "ScalingPolicies", found, r, came)
}

// scalingPolicy is one policy with the alarms that were made for it.
func (s *Server) scalingPolicy(c *call, t account.ScalableTarget, p account.ScalingPolicy) wire.Object {
	kind := p.Type
	if kind == "" {
		kind = "TargetTrackingScaling"
	}
	alarms := []wire.Object{}
	for _, end := range []string{"AlarmHigh", "AlarmLow"} {
		name := "TargetTracking-" + t.ResourceID + "-" + end
		alarms = append(alarms, wire.Object{
			{Name: "AlarmName", Value: name},
			{Name: "AlarmARN", Value: "arn:aws:cloudwatch:" + c.region + ":" + s.acct.ID + ":alarm:" + name},
		})
	}
	return wire.Object{
		{Name: "PolicyARN", Value: "arn:aws:autoscaling:" + c.region + ":" + s.acct.ID + ":scalingPolicy:resource/sagemaker/" + t.ResourceID + ":policyName/" + p.Name},
		{Name: "PolicyName", Value: p.Name},
		{Name: "ServiceNamespace", Value: "sagemaker"},
		{Name: "ResourceId", Value: t.ResourceID},
		{Name: "ScalableDimension", Value: dimension(t)},
		{Name: "PolicyType", Value: kind},
		{Name: kind + "PolicyConfiguration", Value: object(p.Config)},
		{Name: "Alarms", Value: alarms},
		{Name: "CreationTime", Value: p.Created},
	}
}

// scalingPage is the page of found that the call asks for.
func scalingPage(c *call, field string, found []wire.Object, r scalingRequest, came string) (wire.Object, error) {
	at, ok := c.resume(came, r)
	if !ok {
		return nil, fail("InvalidNextTokenException", "The next token is not valid")
	}
	from := min(int(at.Position), len(found))
	to := min(from+r.Max, len(found))
	page := append([]wire.Object{}, found[from:to]...)
	out := wire.Object{{Name: field, Value: page}}
	if to < len(found) {
		at.Position = int64(to)
		out = out.With("NextToken", at.encode())
	}
	return out, nil
}
