package finding

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

var updateSchema = flag.Bool("update", false, "rewrite schema.json from the structs")

// enums are the string types with a closed set of values.
func enums() map[reflect.Type][]string {
	return map[reflect.Type][]string{
		reflect.TypeFor[Status]():        {string(Measured), string(AtLeast), string(Extrapolated), string(Unanswerable)},
		reflect.TypeFor[VerdictStatus](): {string(Pass), string(Fail), string(Insufficient)},
		reflect.TypeFor[Relation]():      {string(Explains), string(CoOccurred)},
		reflect.TypeFor[Outcome](): {
			string(BetterOutcome), string(WorseOutcome), string(Different), string(NoDifference), string(CannotTell),
		},
		reflect.TypeFor[Direction](): {string(Lower), string(Higher)},
		reflect.TypeFor[Severity]():  {string(Critical), string(Warning), string(Info)},
	}
}

// schemaOf describes what Encode writes for a type.
func schemaOf(t reflect.Type) map[string]any {
	if values, ok := enums()[t]; ok {
		return map[string]any{"enum": values}
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[Number](), t.Kind() == reflect.Float64:
		return map[string]any{"type": []string{"number", "null"}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return map[string]any{"anyOf": []any{schemaOf(t.Elem()), map[string]any{"type": "null"}}}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Struct:
		return objectOf(t)
	default:
		panic(fmt.Sprintf("no schema for %s", t))
	}
}

func objectOf(t reflect.Type) map[string]any {
	properties := map[string]any{}
	required := []string{}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		properties[name] = schemaOf(t.Field(i).Type)
		if !strings.Contains(options, "omit") {
			required = append(required, name)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// TestSchema keeps schema.json what the structs say.
func TestSchema(t *testing.T) {
	s := objectOf(reflect.TypeFor[Set]())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "sizewise findings.json"
	s["properties"].(map[string]any)["format"] = map[string]any{"const": Format}
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		t.Fatal(err)
	}
	if *updateSchema {
		if err := os.WriteFile("schema.json", want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if Schema() != want.String() {
		t.Error("schema.json is not what the structs say: go test ./analyze/finding -run TestSchema -update")
	}
}

// TestEncodingKeepsSchema holds what Encode writes to the schema.
func TestEncodingKeepsSchema(t *testing.T) {
	yes := true
	full := Set{
		Format: Format, Curve: &Curve{}, Price: &Price{}, Traffic: []Traffic{{}}, Steps: []Step{{}}, Findings: []Finding{{Severity: Info}},
		Verdict:  Verdict{Status: Pass},
		Answers:  Answers{Saturated: Flag{Value: &yes, Status: Measured}, Capacity: Estimate{Window: &Window{}, Status: AtLeast}},
		Coverage: Coverage{Series: []SeriesCoverage{{}}, Silences: []Silence{{}}},
		Logs:     Logs{Templates: []LogTemplate{{ByStep: []int64{1}}}, Exceptions: []LogException{{}}, Explanations: []LogExplanation{{Relation: Explains}}, Baseline: &LogBaseline{Changes: []LogChange{{Kind: LogNew}}}, Access: []AccessLatency{{}}},
		Ledger:   Ledger{Problems: []LedgerEntry{{}}},
	}
	for name, set := range map[string]Set{"empty": {}, "full": full} {
		var out bytes.Buffer
		if err := Encode(&out, set); err != nil {
			t.Fatal(err)
		}
		var got any
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		conform(t, name, got, objectOf(reflect.TypeFor[Set]()))
	}
}

// conform checks keys and containers; leaf types are the encoder's.
func conform(t *testing.T, path string, got any, schema map[string]any) {
	t.Helper()
	if forms, ok := schema["anyOf"].([]any); ok {
		if got != nil {
			conform(t, path, got, forms[0].(map[string]any))
		}
		return
	}
	switch schema["type"] {
	case "array":
		list, ok := got.([]any)
		if !ok {
			t.Errorf("%s: want an array, have %v", path, got)
		}
		for i, v := range list {
			conform(t, fmt.Sprintf("%s[%d]", path, i), v, schema["items"].(map[string]any))
		}
	case "object":
		object, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s: want an object, have %v", path, got)
			return
		}
		properties, ok := schema["properties"].(map[string]any)
		if !ok {
			return
		}
		for key, v := range object {
			p, ok := properties[key].(map[string]any)
			if !ok {
				t.Errorf("%s.%s is not in the schema", path, key)
				continue
			}
			conform(t, path+"."+key, v, p)
		}
		for _, key := range schema["required"].([]string) {
			if _, ok := object[key]; !ok {
				t.Errorf("%s.%s is missing", path, key)
			}
		}
	}
}
