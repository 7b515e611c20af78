package cloudwatch

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// EndpointName is one endpoint that ListEndpoints lists.
type EndpointName struct {
	Name string
	ARN  string
}

// Endpoints lists the endpoints whose names contain a text, all when it is
// empty, by name.
func (c *Client) Endpoints(ctx context.Context, contains string) ([]EndpointName, Usage, error) {
	var out []EndpointName
	var usage Usage
	in := &sagemaker.ListEndpointsInput{
		MaxResults: aws.Int32(100), SortBy: types.EndpointSortKeyName, SortOrder: types.OrderKeyAscending,
	}
	if contains != "" {
		in.NameContains = aws.String(contains)
	}
	for {
		page, took, err := ask(ctx, c.listEndpoints, c.sagemaker.ListEndpoints, in)
		usage.Add(took)
		if err != nil {
			return nil, usage, err
		}
		for _, e := range page.Endpoints {
			out = append(out, EndpointName{Name: aws.ToString(e.EndpointName), ARN: aws.ToString(e.EndpointArn)})
		}
		if page.NextToken == nil || aws.ToString(page.NextToken) == aws.ToString(in.NextToken) {
			return out, usage, nil
		}
		in.NextToken = page.NextToken
	}
}

// Tags are the tags of a resource by key.
func (c *Client) Tags(ctx context.Context, resource string) (map[string]string, Usage, error) {
	out := map[string]string{}
	var usage Usage
	in := &sagemaker.ListTagsInput{ResourceArn: aws.String(resource)}
	for {
		page, took, err := ask(ctx, c.listTags, c.sagemaker.ListTags, in)
		usage.Add(took)
		if err != nil {
			return nil, usage, err
		}
		for _, t := range page.Tags {
			out[aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
		if page.NextToken == nil || aws.ToString(page.NextToken) == aws.ToString(in.NextToken) {
			return out, usage, nil
		}
		in.NextToken = page.NextToken
	}
}
