package server

import (
	"maps"
	"slices"
	"strings"

	"sizewise/ingest/simaws/server/wire"
)

// listTags answers ListTags, of endpoints. The page is always the last: an
// endpoint has fifty tags at most.
func (s *Server) listTags(c *call) (wire.Object, error) {
	arn := c.Params.String("ResourceArn")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	for _, e := range s.acct.Endpoints {
		if !strings.HasSuffix(arn, ":endpoint/"+strings.ToLower(e.Name)) {
			continue
		}
		list := []wire.Object{}
		for _, key := range slices.Sorted(maps.Keys(e.Tags)) {
			list = append(list, wire.Object{{Name: "Key", Value: key}, {Name: "Value", Value: e.Tags[key]}})
		}
		return wire.Object{{Name: "Tags", Value: list}}, nil
	}
	return nil, fail("ValidationException", "The resource %q does not exist.", arn)
}
