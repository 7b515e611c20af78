package lake

import (
	"math/rand/v2"
	"os"
	"testing"
)

// TestDamagedFiles flips bytes of whole files: reading answers with rows or
// with an error, and never with a panic.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	l := open(t)
	data := series(sum(at(10, 0), 1, false), sum(at(10, 1), 2, false))
	data[0].Series.Dims = []Dim{{"EndpointName", "x"}, {"VariantName", "v"}}
	data[0].Points[1].Other = map[string]float64{"tm90": 1}
	mustPutMetrics(t, l, data)
	mustPutLogs(t, l, []Log{{TS: at(10, 0), Message: "a", Level: "INFO"}, {TS: at(10, 1), Message: "b"}})
	metrics := l.dayPath("metrics", at(0, 0)/dayMicros, "endpoint/x")
	logs := l.dayPath("logs", at(0, 0)/dayMicros, "group")
	rnd := rand.New(rand.NewPCG(7, 8))
	for _, path := range []string{metrics, logs} {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		failed := 0
		for range 300 {
			damaged := append([]byte(nil), whole...)
			for range 1 + rnd.IntN(3) {
				damaged[rnd.IntN(len(damaged))] ^= byte(1 + rnd.IntN(255))
			}
			write(t, path, string(damaged[:len(damaged)-rnd.IntN(2)*rnd.IntN(len(damaged))]))
			if path == metrics {
				_, err = l.readMetrics(t.Context(), path)
			} else {
				err = scan(t.Context(), logTable(), path, everything(), func(*Log) error { return nil })
			}
			if err != nil {
				failed++
			}
		}
		if failed < 90 {
			t.Errorf("only %d of 300 damaged files were noticed", failed)
		}
		write(t, path, string(whole))
	}
}
