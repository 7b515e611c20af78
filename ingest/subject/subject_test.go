package subject

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	long := strings.Repeat("x", 63)
	for _, tc := range []struct {
		in  string
		out Subject
	}{
		{"endpoint/resnet-g5", Subject{Endpoint, "resnet-g5", ""}},
		{"endpoint/resnet-g5/AllTraffic", Subject{Endpoint, "resnet-g5", "AllTraffic"}},
		{"endpoint/" + long, Subject{Endpoint, long, ""}},
		{"component/llama--3", Subject{Component, "llama--3", ""}},
		{"training/bert-2026", Subject{Training, "bert-2026", ""}},
		{"recommender/" + long + "y", Subject{Recommender, long + "y", ""}},
		{"pipeline/" + strings.Repeat("p", 256), Subject{Pipeline, strings.Repeat("p", 256), ""}},
		{"featuregroup/a_b-c", Subject{FeatureGroup, "a_b-c", ""}},
		{"cloudwatch/AWS/EC2?InstanceId=i-0abc", Subject{CloudWatch, "AWS/EC2?InstanceId=i-0abc", ""}},
		{"cloudwatch//aws/sagemaker/TrainingJobs?Host=job%2Falgo-1", Subject{CloudWatch, "/aws/sagemaker/TrainingJobs?Host=job%2Falgo-1", ""}},
		{"cloudwatch/AWS/SQS", Subject{CloudWatch, "AWS/SQS", ""}},
		{"cloudwatch/My App?A=%26%3D%3F", Subject{CloudWatch, "My App?A=%26%3D%3F", ""}},
	} {
		s, err := Parse(tc.in)
		if err != nil || s != tc.out || s.String() != tc.in {
			t.Errorf("%s: got %+v, %v, which prints as %s", tc.in, s, err, s)
		}
	}
}

// TestParseSettlesSpelling: the same dimensions are the same subject however
// they are written.
func TestParseSettlesSpelling(t *testing.T) {
	want := Subject{CloudWatch, "NS?A=x%2Fy&B=1+2", ""}
	for _, in := range []string{"cloudwatch/NS?B=1+2&A=x/y", "cloudwatch/NS?A=x%2fy&B=1%202", "cloudwatch/NS?%41=x%2Fy&B=1 2"} {
		if s, err := Parse(in); err != nil || s != want {
			t.Errorf("%s: got %+v, %v; want %+v", in, s, err, want)
		}
	}
	if s, err := Parse("cloudwatch/NS?"); err != nil || s.Name != "NS" {
		t.Errorf("no dimensions: got %+v, %v", s, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "want kind/name",
		"resnet":                              "want kind/name",
		"endpoint/":                           "want kind/name",
		"bucket/x":                            `unknown kind "bucket", sizewise knows endpoint/NAME[/VARIANT], component/NAME`,
		"endpoint/has space":                  "is not an endpoint name",
		"endpoint/-x":                         "is not an endpoint name",
		"endpoint/x-":                         "is not an endpoint name",
		"endpoint/..":                         "is not an endpoint name",
		"endpoint/" + strings.Repeat("x", 64): "is not an endpoint name",
		"endpoint/x/":                         "is not a variant name",
		"endpoint/x/y/z":                      "is not a variant name",
		"training/x/y":                        "is not a training job name",
		"training/x_y":                        "is not a training job name",
		"monitor/x/":                          "is not a monitoring schedule name",
		"cloudwatch/?A=b":                     "is not a CloudWatch namespace",
		"cloudwatch/NS?A":                     "is not Dim=Value",
		"cloudwatch/NS?A=":                    `dimension "A" with value ""`,
		"cloudwatch/NS?=b":                    `dimension "" with value "b"`,
		"cloudwatch/NS?A=1&A=2":               `dimension "A" is there twice`,
		"cloudwatch/NS?A=%zz":                 "invalid URL escape",
		"cloudwatch/NS?A=%00":                 "dimension",
		"cloudwatch/NS ":                      "is not a CloudWatch namespace",
	} {
		if _, err := Parse(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", in, err, want)
		}
	}
}

func TestSeries(t *testing.T) {
	s, err := Parse("cloudwatch/AWS/SageMaker?VariantName=A&EndpointName=a%2Fb")
	if err != nil {
		t.Fatal(err)
	}
	namespace, dims, err := s.Series()
	if err != nil || namespace != "AWS/SageMaker" || len(dims) != 2 || dims["EndpointName"] != "a/b" || dims["VariantName"] != "A" {
		t.Errorf("got %q, %v, %v", namespace, dims, err)
	}
	if _, _, err := (Subject{Kind: Training, Name: "x"}).Series(); err == nil {
		t.Error("a training job has a series")
	}
}

func draw(t *rapid.T) Subject {
	kind := rapid.SampledFrom(Kinds()).Draw(t, "kind")
	if kind == CloudWatch {
		dims := rapid.MapOfN(rapid.StringMatching(`[!-~]{1,20}`), rapid.StringMatching(`[ -~äß]{1,20}`), 0, 5).Draw(t, "dims")
		s, err := FromSeries(rapid.StringMatching(`[A-Za-z/][A-Za-z/._#:-]{0,20}`).Draw(t, "namespace"), dims)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := Subject{Kind: kind, Name: rapid.StringMatching(`[a-zA-Z0-9](-{0,2}[a-zA-Z0-9]){0,20}`).Draw(t, "name")}
	if kind == Endpoint && rapid.Bool().Draw(t, "variant") {
		s.Variant = rapid.StringMatching(`[a-zA-Z0-9](-{0,2}[a-zA-Z0-9]){0,20}`).Draw(t, "name")
	}
	return s
}

// TestRoundTrip: a subject prints as what it is read from, and its log groups
// lead back to it.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := draw(t)
		if back, err := Parse(s.String()); err != nil || back != s {
			t.Fatalf("%+v prints as %s, which reads as %+v, %v", s, s, back, err)
		}
		for _, g := range s.LogGroups() {
			if back, ok := FromLog(g.Name, g.StreamPrefix); !ok || back.Key() != s.Key() {
				t.Fatalf("%s: %+v leads to %v, %t", s, g, back, ok)
			}
		}
	})
}

// FuzzParse: what is accepted prints as something that reads as the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"endpoint/x", "endpoint/x/AllTraffic", "endpoint//", "a/b/c", "endpoint/\x00", "training/x",
		"cloudwatch/NS?B=2&A=1", "cloudwatch//aws/x?A=%2F+%20&B=ä", "cloudwatch/?", "cloudwatch/N?=&&",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s, err := Parse(in)
		if err != nil {
			return
		}
		if back, err := Parse(s.String()); err != nil || back != s {
			t.Errorf("%q prints as %q, which reads as %+v, %v", in, s, back, err)
		}
		if s.Kind != CloudWatch && s.String() != in {
			t.Errorf("%q prints as %q", in, s)
		}
		for _, g := range s.LogGroups() {
			if back, ok := FromLog(g.Name, g.StreamPrefix); !ok || back.Key() != s.Key() {
				t.Errorf("%q: log group %+v leads to %v", in, g, back)
			}
		}
	})
}
