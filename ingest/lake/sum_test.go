package lake

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// TestVerifyFindsEveryFlippedBit flips single bits of a file of every dataset:
// each is a finding, wherever it falls.
func TestVerifyFindsEveryFlippedBit(t *testing.T) {
	t.Parallel()
	l := filled(t)
	must(t, l.PutResources(t.Context(), "endpoint/x", []Resource{{AsOf: hour(1), Kind: "endpoint", Name: "x", Attribute: "status", Value: "InService"}}))
	must(t, l.PutCatalog(t.Context(), []CatalogRow{{Namespace: "AWS/SageMaker", Metric: "Invocations", About: "requests"}}))
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, dataset := range append(datasets(), catalogFile) {
		paths := []string{filepath.Join(l.dir, catalogFile)}
		if dataset != catalogFile {
			var err error
			paths, err = dayFiles(l.dir, dataset)
			must(t, err)
		}
		path := paths[0]
		intact, err := os.ReadFile(path)
		must(t, err)
		if n := flawsIn(t, l.dir, dataset, path); n > 0 {
			t.Fatalf("%s: %d findings in an intact file", dataset, n)
		}
		for range 400 {
			at, bit := rnd.IntN(len(intact)), rnd.IntN(8)
			flipped := append([]byte(nil), intact...)
			flipped[at] ^= 1 << bit
			write(t, path, string(flipped))
			if flawsIn(t, l.dir, dataset, path) == 0 {
				t.Errorf("%s: bit %d of byte %d of %d passes", dataset, bit, at, len(intact))
			}
		}
		write(t, path, string(intact))
	}
}

// flawsIn is how many findings one file has.
func flawsIn(t *testing.T, dir, dataset, path string) int {
	t.Helper()
	v := &verifier{ctx: t.Context(), dir: dir, held: map[string][]span{}, flaws: map[Flaw]int{}}
	if dataset == catalogFile {
		v.catalog()
	} else {
		v.file(dataset, path)
	}
	return len(v.report.Findings)
}

// TestForeignFilesHaveNoSum leaves files alone that carry no sum.
func TestForeignFilesHaveNoSum(t *testing.T) {
	path := filepath.Join(t.TempDir(), "foreign.parquet")
	for _, text := range []string{"", "PAR1", "PAR1PAR1", "PAR1....\xff\xff\xff\xffPAR1", "PAR1 " + sumKey + "\x00\x00\x00PAR1"} {
		write(t, path, text)
		if known, err := checkSum(path); known || err != nil {
			t.Errorf("%q: sum known %t, %v", text, known, err)
		}
	}
}
