package cloudwatch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// eventPage is one answer of FilterLogEvents.
type eventPage struct {
	events []Event
	token  string // "" at the end
}

// maxPageBytes bounds an answer: a page holds 1 MB of messages, of which JSON
// makes six times as much at worst.
const maxPageBytes = 64 << 20

// pageProtocol is the client's protocol with eventDecoder before the SDK's own
// decoder. What the former refuses, errors of the service included, goes on to
// the latter unchanged.
type pageProtocol struct {
	smithyhttp.ClientProtocol
	pool *sync.Pool // of *pageScratch
	page *eventPage // set when the answer was decoded here
	done *bool
}

// pageScratch is memory that one answer after the other is decoded with.
type pageScratch struct {
	body    bytes.Buffer
	decoder eventDecoder
}

// DeserializeResponse implements smithyhttp.ClientProtocol.
func (p pageProtocol) DeserializeResponse(
	ctx context.Context, schema *smithy.OperationSchema, registry *smithy.TypeRegistry, resp *smithyhttp.Response, out smithy.Deserializable,
) error {
	*p.done = false
	if resp.StatusCode != http.StatusOK {
		return p.ClientProtocol.DeserializeResponse(ctx, schema, registry, resp, out)
	}
	scratch, ok := p.pool.Get().(*pageScratch)
	if !ok {
		scratch = &pageScratch{}
	}
	defer p.pool.Put(scratch)
	if err := scratch.read(resp); err != nil {
		return &smithy.DeserializationError{Err: fmt.Errorf("reading the answer: %w", err)}
	}
	scratch.decoder.reset(scratch.body.Bytes())
	if err := scratch.decoder.decode(); err == nil {
		*p.page, *p.done = scratch.decoder.page(), true
		return nil
	}
	if len(bytes.TrimSpace(scratch.body.Bytes())) == 0 {
		return &smithy.DeserializationError{Err: io.ErrUnexpectedEOF} // to the SDK it would be the last page
	}
	resp.Body = io.NopCloser(bytes.NewReader(scratch.body.Bytes()))
	return p.ClientProtocol.DeserializeResponse(ctx, schema, registry, resp, out)
}

// errTooLarge is an answer that no page of the service can be.
var errTooLarge = errors.New("the answer is larger than any page of log events")

func (s *pageScratch) read(resp *smithyhttp.Response) error {
	s.body.Reset()
	if n := resp.ContentLength; n > 0 && n <= maxPageBytes {
		s.body.Grow(int(n) + bytes.MinRead)
	}
	n, err := s.body.ReadFrom(io.LimitReader(resp.Body, maxPageBytes+1))
	if err != nil {
		return fmt.Errorf("after %d bytes: %w", n, err)
	}
	if n > maxPageBytes {
		return errTooLarge
	}
	return nil
}

// filterPage asks for one page.
func (c *Client) filterPage(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, usage *Usage) (eventPage, error) {
	var page eventPage
	var done bool
	out, err := c.logs.FilterLogEvents(ctx, in, func(o *cloudwatchlogs.Options) {
		o.APIOptions = append(o.APIOptions, c.filterLogEvents.meter(usage))
		o.Protocol = pageProtocol{ClientProtocol: o.Protocol, pool: c.scratch, page: &page, done: &done}
	})
	if err != nil {
		return eventPage{}, err //nolint:wrapcheck // the caller looks at it first
	}
	if !done {
		page = pageFromSDK(out)
	}
	return page, nil
}

func pageFromSDK(out *cloudwatchlogs.FilterLogEventsOutput) eventPage {
	page := eventPage{token: aws.ToString(out.NextToken)}
	for _, e := range out.Events {
		page.events = append(page.events, eventFromSDK(e))
	}
	return page
}

func eventFromSDK(e types.FilteredLogEvent) Event {
	return Event{
		TS:       aws.ToInt64(e.Timestamp) * 1000,
		Ingested: aws.ToInt64(e.IngestionTime) * 1000,
		Stream:   aws.ToString(e.LogStreamName),
		ID:       aws.ToString(e.EventId),
		Message:  aws.ToString(e.Message),
	}
}
