package subject

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, tc := range []struct{ in, key, variant, group string }{
		{"endpoint/resnet-g5", "endpoint/resnet-g5", "", "/aws/sagemaker/Endpoints/resnet-g5"},
		{"endpoint/resnet-g5/AllTraffic", "endpoint/resnet-g5", "AllTraffic", "/aws/sagemaker/Endpoints/resnet-g5"},
		{"endpoint/a", "endpoint/a", "", "/aws/sagemaker/Endpoints/a"},
		{"endpoint/" + strings.Repeat("x", 63), "endpoint/" + strings.Repeat("x", 63), "", "/aws/sagemaker/Endpoints/" + strings.Repeat("x", 63)},
	} {
		s, err := Parse(tc.in)
		if err != nil {
			t.Errorf("%s: %v", tc.in, err)
			continue
		}
		if s.Key() != tc.key || s.Variant != tc.variant || s.LogGroup() != tc.group || s.String() != tc.in {
			t.Errorf("%s: got key %s, variant %s, group %s, text %s", tc.in, s.Key(), s.Variant, s.LogGroup(), s)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "want kind/name",
		"resnet":                              "want kind/name",
		"endpoint/":                           "want kind/name",
		"bucket/x":                            `unknown kind "bucket"`,
		"endpoint/has space":                  "is not an endpoint name",
		"endpoint/-x":                         "is not an endpoint name",
		"endpoint/..":                         "is not an endpoint name",
		"endpoint/" + strings.Repeat("x", 64): "is not an endpoint name",
		"endpoint/x/":                         "is not a variant name",
		"endpoint/x/y/z":                      "is not a variant name",
	} {
		if _, err := Parse(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", in, err, want)
		}
	}
}

func TestFromLogGroup(t *testing.T) {
	s, ok := FromLogGroup("/aws/sagemaker/Endpoints/resnet-g5")
	if !ok || s != (Subject{Kind: Endpoint, Name: "resnet-g5"}) {
		t.Errorf("got %v, %v", s, ok)
	}
	for _, group := range []string{"/aws/sagemaker/TrainingJobs", "/aws/sagemaker/Endpoints/", "/aws/sagemaker/Endpoints/../x", "/aws/lambda/x"} {
		if s, ok := FromLogGroup(group); ok {
			t.Errorf("%s became %v", group, s)
		}
	}
}

// FuzzParse: what is accepted prints as it was read, and its log group leads
// back to it.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"endpoint/x", "endpoint/x/AllTraffic", "endpoint//", "a/b/c", "endpoint/\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s, err := Parse(in)
		if err != nil {
			return
		}
		if s.String() != in {
			t.Errorf("%q prints as %q", in, s)
		}
		back, ok := FromLogGroup(s.LogGroup())
		if !ok || back.Key() != s.Key() {
			t.Errorf("%q: log group %q leads to %v", in, s.LogGroup(), back)
		}
	})
}
