package wire

import (
	"bytes"
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// queryCodec is the Query protocol: a form with Action and Version in, XML out.
// boto3 before 1.38 and the command lines built on it speak it to CloudWatch.
type queryCodec struct{}

// service describes a service that speaks Query.
type service struct{ name, namespace string }

// queryService is the service with the given API version.
func queryService(version string) (service, bool) {
	switch version {
	case "2010-08-01":
		return service{CloudWatch, "http://monitoring.amazonaws.com/doc/2010-08-01/"}, true
	case "2011-06-15":
		return service{STS, "https://sts.amazonaws.com/doc/2011-06-15/"}, true
	}
	return service{}, false
}

// namespace is the XML namespace of a service's replies.
func namespace(name string) string {
	version := "2010-08-01"
	if name == STS {
		version = "2011-06-15"
	}
	s, _ := queryService(version)
	return s.namespace
}

// maxDepth bounds the dots of a form's keys.
const maxDepth = 32

// decodeQuery reads the operation and the parameters from the form, which may
// be in the body or in the address.
func decodeQuery(c *Call, r *http.Request, body []byte) error {
	c.Params = newParams(nil)
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return &Error{Shape: "MalformedQueryString", Message: "the form is malformed"}
	}
	if len(form) == 0 {
		form = r.URL.Query()
	}
	c.Operation = form.Get("Action")
	if c.Operation == "" {
		return &Error{Shape: "MissingAction", Message: "the request has no Action, no X-Amz-Target and no Smithy-Protocol"}
	}
	s, ok := queryService(form.Get("Version"))
	if !ok {
		return &Error{Shape: "InvalidAction", Message: "Could not find operation " + c.Operation + " for version " + form.Get("Version")}
	}
	c.Service = s.name
	fields, err := fromForm(form)
	if err != nil {
		return err
	}
	c.Params = newParams(fields)
	return nil
}

// fromForm turns dotted keys into a tree; A.member.N becomes a list in the
// order of N.
func fromForm(form url.Values) (map[string]any, error) {
	root := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(form)) {
		values := form[key]
		part := strings.Split(key, ".")
		if len(part) > maxDepth {
			return nil, malformed("parameter name is too deep")
		}
		node := root
		for _, p := range part[:len(part)-1] {
			child, ok := node[p].(map[string]any)
			if !ok {
				child = map[string]any{}
				node[p] = child
			}
			node = child
		}
		leaf := part[len(part)-1]
		if _, taken := node[leaf].(map[string]any); !taken {
			node[leaf] = text(values[0])
		}
	}
	for k, v := range root {
		root[k] = toList(v)
	}
	return root, nil
}

// toList turns a node whose only child is "member" into a list, all the way down.
func toList(v any) any {
	node, ok := v.(map[string]any)
	if !ok {
		return v
	}
	members, ok := node["member"].(map[string]any)
	if !ok || len(node) != 1 {
		for k, child := range node {
			node[k] = toList(child)
		}
		return node
	}
	type numbered struct {
		n int
		v any
	}
	var list []numbered
	for k, child := range members {
		n, err := strconv.Atoi(k)
		if err != nil {
			continue
		}
		list = append(list, numbered{n, toList(child)})
	}
	slices.SortFunc(list, func(a, b numbered) int { return a.n - b.n })
	out := make([]any, len(list))
	for i := range list {
		out[i] = list[i].v
	}
	return out
}

func (queryCodec) reply(c *Call, status int, body []byte) Reply {
	h := http.Header{}
	h.Set("Content-Type", "text/xml")
	h.Set("X-Amzn-Requestid", c.RequestID)
	return Reply{Status: status, Header: h, Body: body}
}

func (k queryCodec) result(c *Call, o Object) Reply {
	b := []byte("<" + c.Operation + `Response xmlns="` + namespace(c.Service) + `"><` + c.Operation + "Result>")
	for _, f := range o {
		b = appendElement(b, f.Name, f.Value)
	}
	b = append(b, "</"+c.Operation+"Result><ResponseMetadata>"...)
	b = appendElement(b, "RequestId", c.RequestID)
	b = append(b, "</ResponseMetadata></"+c.Operation+"Response>\n"...)
	return k.reply(c, http.StatusOK, b)
}

func (k queryCodec) failure(c *Call, e *Error) Reply {
	b := []byte(`<ErrorResponse xmlns="` + namespace(c.Service) + `"><Error>`)
	b = appendElement(b, "Type", e.fault())
	b = appendElement(b, "Code", e.QueryCode())
	b = appendElement(b, "Message", e.Message)
	b = append(b, "</Error>"...)
	b = appendElement(b, "RequestId", c.RequestID)
	b = append(b, "</ErrorResponse>\n"...)
	return k.reply(c, e.HTTPStatus(), b)
}

func appendElement(b []byte, name string, v any) []byte {
	b = append(append(append(b, '<'), name...), '>')
	b = appendXML(b, v)
	return append(append(append(b, '<', '/'), name...), '>')
}

// appendXML appends a value of an Object; lists are wrapped in member elements.
func appendXML(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		var buf bytes.Buffer
		if err := xml.EscapeText(&buf, []byte(v)); err != nil {
			panic("wire: escaping into memory failed: " + err.Error())
		}
		return append(b, buf.Bytes()...)
	case bool, int64, float64:
		return appendJSON(b, v)
	case time.Time:
		return v.UTC().AppendFormat(b, "2006-01-02T15:04:05.999Z07:00")
	case Object:
		for _, f := range v {
			b = appendElement(b, f.Name, f.Value)
		}
		return b
	case Map:
		for _, f := range v {
			b = appendElement(b, "entry", Object{{"key", f.Name}, {"value", f.Value}})
		}
		return b
	case []Object:
		return appendMembers(b, v)
	case List:
		return appendMembers(b, v)
	case []string:
		return appendMembers(b, v)
	case []float64:
		return appendMembers(b, v)
	case []time.Time:
		return appendMembers(b, v)
	}
	panic("wire: value of a type that Object does not list")
}

func appendMembers[T any](b []byte, list []T) []byte {
	for _, v := range list {
		b = appendElement(b, "member", v)
	}
	return b
}
