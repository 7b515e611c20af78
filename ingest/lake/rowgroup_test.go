package lake

import (
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// What concerns a whole variant is in row groups of its own, which come first, so
// that a reader skips the many series of instances by the statistics of dim_set.
func TestRowGroupsOfDimensionSets(t *testing.T) {
	l := open(t)
	const plain, byInstance = "EndpointName,VariantName", "EndpointName,InstanceId,VariantName"
	var data []SeriesPoints
	for _, metric := range []string{"CPUUtilization", "Invocations"} {
		for _, instance := range []string{"i-1", "", "i-2"} {
			s := SeriesPoints{Series: Series{
				Subject: "endpoint/x", Namespace: "N", Metric: metric, PeriodS: 60,
				Dims: []Dim{{"EndpointName", "x"}, {"VariantName", "v"}},
			}}
			if instance != "" {
				s.Series.Dims = append(s.Series.Dims, Dim{"InstanceId", instance})
			}
			for minute := range 24 * 60 {
				p := Point{TS: at(0, minute), Stats: none()}
				p.Stats[Sum] = float64(minute)
				s.Points = append(s.Points, p)
			}
			data = append(data, s)
		}
	}
	mustPutMetrics(t, l, data)
	path := l.dayPath("metrics", at(0, 0)/dayMicros, "endpoint/x")
	pq, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer pq.Close()
	var sets []string
	for g := range pq.NumRowGroups() {
		stats, err := columnStats(pq, g, "dim_set")
		if err != nil {
			t.Fatal(err)
		}
		text := stats.(*metadata.ByteArrayStatistics)
		if string(text.Min()) != string(text.Max()) {
			t.Errorf("row group %d has the sets from %s to %s", g, text.Min(), text.Max())
		}
		sets = append(sets, string(text.Min()))
	}
	if want := []string{plain, byInstance}; !slices.Equal(slices.Compact(sets), want) {
		t.Errorf("row groups of %v, want %v", sets, want)
	}
	if foot, err := readFooter(path, "metrics"); err != nil || foot.small {
		t.Errorf("compaction would write the file anew: %+v, %v", foot, err)
	}
}
