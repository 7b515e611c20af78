package server

import (
	"maps"
	"slices"
	"strings"

	"sizewise/ingest/simaws/server/wire"
)

// listTags answers ListTags. The page is always the last: a resource has fifty
// tags at most.
func (s *Server) listTags(c *call) (wire.Object, error) {
	arn := c.Params.String("ResourceArn")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	for _, e := range s.acct.Endpoints {
		if !strings.HasSuffix(arn, ":endpoint/"+strings.ToLower(e.Name)) {
			continue
		}
		return tagList(e.Tags), nil
	}
	for _, d := range s.acct.Described {
		if kind := describedKinds()[d.Operation]; kind.arnKind != "" && arn == s.arn(c.region, kind.arnKind, d.Name) {
			return tagList(d.Tags), nil
		}
	}
	return nil, fail("ValidationException", "The resource %q does not exist.", arn)
}

func tagList(tags map[string]string) wire.Object {
	list := []wire.Object{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, wire.Object{{Name: "Key", Value: key}, {Name: "Value", Value: tags[key]}})
	}
	return wire.Object{{Name: "Tags", Value: list}}
}
