package cloudwatch

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
)

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
