package job

import (
	"math"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/dossier"
)

// TestLatencyUnit: the documented unit, unless what is known besides rules it
// out. 263596 is the value of the developer guide's example of an answer.
func TestLatencyUnit(t *testing.T) {
	for _, one := range []struct {
		told, says string
		client     float64 // ms, 0 none
		want       float64 // s
	}{
		{"263596", "an endpoint has 60 s", 0, 0.263596},
		{"264", "as documented; no ClientLatency", 0, 0.264},
		{"264", "ClientLatency agrees", 310, 0.264},
		{"9000", "ClientLatency was", 11, 0.009},
		{"9000", "ClientLatency agrees", 9400, 9},
	} {
		d := &dossier.Dossier{Kind: "recommender", Name: "job", Region: "us-east-1"}
		for k, v := range map[string]string{"instance_type": "ml.c5.xlarge", "instance_count": "1", "model_latency": one.told, "cost_per_inference": "0.000005"} {
			d.Facts = append(d.Facts, dossier.Fact{Kind: "recommendation", Name: "job/1", Attribute: k, Value: v})
		}
		d.Facts = append(d.Facts, dossier.Fact{Kind: "recommendations_job", Name: "job", Attribute: "status", Value: "COMPLETED"})
		if one.client > 0 {
			s := dossier.Series{Metric: "ClientLatency", DimSet: "JobName", Period: time.Minute}
			for i := range 5 {
				s.Points = append(s.Points, dossier.Point{Time: began.Add(time.Duration(i) * time.Minute), P50: one.client, Average: math.NaN()})
			}
			d.Series = append(d.Series, s)
		}
		got := Recommender(d)
		e := estimate(got.Parts[0].Measures, "model_latency_s")
		if math.Abs(float64(e.Value)-one.want) > 1e-12 || !strings.Contains(e.Why, one.says) {
			t.Errorf("%s with %v ms at the client is %v s, want %v: %s", one.told, one.client, e.Value, one.want, e.Why)
		}
	}
}
