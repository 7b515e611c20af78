package cloudwatch

import "context"

func (c *Client) queryEvents(ctx context.Context, r LogRequest, page func(LogPage) error) (LogResult, error) {
	return LogResult{}, nil
}
