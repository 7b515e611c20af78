package finding

import _ "embed"

//go:embed schema.json
var schema string

// Schema is the JSON Schema (draft 2020-12) of findings.json, format [Format].
func Schema() string { return schema }
