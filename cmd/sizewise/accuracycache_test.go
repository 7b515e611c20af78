package main

import (
	"encoding/gob"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"sizewise/ingest/simaws/workload"
)

// observeAll simulates n trials of a set, or takes those from the cache that
// were drawn alike when it was written.
func observeAll(t *testing.T, set string, n int) []observed {
	t.Helper()
	path := filepath.Join(*accuracyCache, fmt.Sprintf("%s-%d-%d.gob", set, *accuracySeed, n))
	trials, cached := drawTrials(set, n, *accuracySeed), readCache(t, path)
	out := make([]observed, n)
	fresh := 0
	var group sync.WaitGroup
	slots := make(chan struct{}, 2)
	for i := range trials {
		if i < len(cached) && cached[i].Trial.simulatedAs(trials[i]) {
			out[i] = observed{trials[i], cached[i].Minutes, cached[i].Truth}
			continue
		}
		fresh++
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			var err error
			if out[i], err = observeTrial(trials[i]); err != nil {
				t.Errorf("%s: %v", trials[i].Config.Name, err)
			}
		})
	}
	group.Wait()
	if *accuracyCache != "" && fresh > 0 {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := gob.NewEncoder(f).Encode(out); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// observeTrial simulates one trial.
func observeTrial(x trial) (observed, error) {
	minutes, err := x.observe()
	if err != nil {
		return observed{}, err
	}
	truth, err := workload.TruthOf(x.Config, x.Seed)
	return observed{x, minutes, truth}, err
}

// readCache is what was simulated before, none when nothing was kept.
func readCache(t *testing.T, path string) []observed {
	t.Helper()
	if *accuracyCache == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	var out []observed
	if err := gob.NewDecoder(f).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// simulatedAs reports whether o's simulation is t's: what the analysis is told
// beside the metrics may differ.
func (t trial) simulatedAs(o trial) bool {
	t.Workers, t.Target, o.Workers, o.Target = 0, 0, 0, 0
	t.Twists, o.Twists = nil, nil
	a, b := t.Config.Autoscaling, o.Config.Autoscaling
	if (a == nil) != (b == nil) || a != nil && *a != *b {
		return false
	}
	t.Config.Autoscaling, o.Config.Autoscaling = nil, nil
	return fmt.Sprintf("%+v", t) == fmt.Sprintf("%+v", o)
}
