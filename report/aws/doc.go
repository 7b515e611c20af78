// Package aws renders findings in the formats of AWS: the body of a CloudWatch
// dashboard, and alarms as a CloudFormation template. It writes to memory only;
// nothing is sent anywhere. The structures are those of the CloudWatch API
// reference, "Dashboard Body Structure and Syntax", and of the CloudFormation
// reference, AWS::CloudWatch::Alarm.
package aws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"sizewise/analyze/finding"
)

// Options say where the metrics are.
type Options struct {
	Region string // of the endpoint; required
	// Account names the endpoint's account in every metric, for a dashboard or
	// alarms that live in another one. "" is the account they live in.
	Account string
	// Coarse are the set's minutes in wider buckets, which show what is published
	// less often; nil takes the set's alone.
	Coarse []finding.Minute
}

// encode is JSON as a person reads it, with < and & as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding for AWS: %w", err)
	}
	return b.Bytes(), nil
}

// plain is foreign text without what could hide or reorder it, of at most n
// bytes, in whole characters.
func plain(s string, n int) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsSpace(r) || !unicode.IsGraphic(r) {
			r = ' '
		}
		if b.Len()+len(string(r)) > n {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// markdown is foreign text that is no markup.
func markdown(s string, n int) string {
	escape := strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "#", `\#`, "|", `\|`)
	return escape.Replace(plain(s, n))
}
