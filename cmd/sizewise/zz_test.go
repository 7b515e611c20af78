package main

import (
	"context"
	"fmt"
	"math"
	"testing"

	"sizewise/analyze"
)

func TestZZ(t *testing.T) {
	set, err := analyze.Run(context.Background(), analyze.Options{Lake: "/tmp/cf-month", Endpoint: "fleet", InstanceType: "ml.g5.xlarge", PeakRPS: math.NaN(), Threads: 2})
	fmt.Println(err, set.Coverage.Usable, len(set.Steps), set.Answers.Capacity, set.Findings)
	for i := range 3 {
		fmt.Printf("%+v\n", set.Minutes[i+700])
	}
}
