package loadtest_test

import (
	"bytes"
	"context"
	"fmt"

	"sizewise/ingest/files/loadtest"
)

func ExampleRead() {
	data := []byte(`1795183380000250417,200,118302499,512,1024,,,ramp,0,POST,https://h.example/invocations?v=2,
1795183380010000000,503,2500500,512,0,503 Service Unavailable,,ramp,1,POST,https://h.example/invocations,
1795183380020000000,200,oops
`)
	format, _ := loadtest.Detect(data)
	fmt.Println(format)
	for r, err := range loadtest.Read(context.Background(), bytes.NewReader(data), format, loadtest.Options{}) {
		if err != nil {
			fmt.Println(err)
			break
		}
		switch r := r.(type) {
		case *loadtest.Sample:
			fmt.Printf("%d %d %d %s %q\n", r.TS, r.DurationUS, r.Status, r.Route, r.Error)
		case *loadtest.Malformed:
			fmt.Println(r)
		}
	}
	// Output:
	// vegeta-csv
	// 1795183380000250 118302 200 /invocations ""
	// 1795183380010000 2501 503 /invocations "503 Service Unavailable"
	// line 3: 3 columns, want 12 or 9
}
