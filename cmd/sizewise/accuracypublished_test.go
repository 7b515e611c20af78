package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sizewise/analyze/stat"
)

// kneedleRow compares knees with those that the tests of kneed expect where the
// curve is in closed form: figure 2 of the paper, within 5 %, and four shapes of
// ten points, exactly.
func kneedleRow() methodRow {
	var x, ten, paper []float64
	for i := range 10 {
		x, ten = append(x, float64(i)/9), append(ten, float64(i))
		paper = append(paper, 5-1/(x[i]+.1))
	}
	right, n := 0, 1
	if i, ok := stat.Knee(x, paper, stat.Shape{}, 1); ok && math.Abs(x[i]/.22-1) <= .05 {
		right++
	}
	for _, k := range []struct {
		y     []float64
		shape stat.Shape
		want  int
	}{
		{[]float64{0, 60, 80, 85, 90, 95, 96, 97, 98, 99}, stat.Shape{}, 2},
		{[]float64{99, 98, 97, 96, 95, 90, 85, 80, 60, 0}, stat.Shape{Decreasing: true}, 7},
		{[]float64{1, 2, 3, 4, 5, 10, 15, 20, 40, 100}, stat.Shape{Convex: true}, 7},
		{[]float64{100, 40, 20, 15, 10, 5, 4, 3, 2, 1}, stat.Shape{Convex: true, Decreasing: true}, 2},
	} {
		n++
		if got, ok := stat.Knee(ten, k.y, k.shape, 1); ok && got == k.want {
			right++
		}
	}
	return methodRow{"A: Kneedle, knees of the package kneed's tests that need no random numbers", "all", fmt.Sprintf("%d", right), n, right == n}
}

// otavaRow compares change points with those that Apache Otava's tests expect:
// a sequence of 14 values, and a series of TigerBeetle's benchmarks at nine
// choices of p-value and magnitude, every index.
func otavaRow(t *testing.T) methodRow {
	t.Helper()
	text, err := os.ReadFile("../../analyze/stat/testdata/tigerbeetle.txt")
	if err != nil {
		t.Fatal(err)
	}
	var beetle []float64
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, f := range strings.Fields(line) {
			v, err := strconv.ParseFloat(f, 64)
			if err != nil {
				t.Fatal(err)
			}
			beetle = append(beetle, v)
		}
	}
	sequence := []float64{.3, 2.4, 1.5, -.9, -.5, 99.7, 98.3, 99.1, 149, 149.7, 149.5, 149.1, 148.8, 150}
	right, n := 0, 0
	for _, c := range []struct {
		x            []float64
		window       int
		p, magnitude float64
		want         []int
	}{
		{sequence, 0, .01, 0, []int{5, 8}},
		{beetle, 30, .01, .05, []int{15, 71}},
		{beetle, 30, .05, .05, []int{15, 71}},
		{beetle, 30, .1, .05, []int{10, 11, 15, 71, 363}},
		{beetle, 30, .2, .05, []int{10, 11, 15, 71}},
		{beetle, 30, .1, .01, []int{10, 11, 15, 28, 29, 35, 37, 48, 49, 61, 71, 95, 117, 131, 142, 148, 165, 169, 192, 206, 212, 260, 265, 268, 278, 282, 363}},
		{beetle, 30, .01, 0, []int{15, 26, 61, 71, 95, 117, 131, 142, 148, 165, 169, 192, 212, 260}},
		{beetle, 30, .001, 0, []int{15, 61, 71, 95, 117, 131, 142, 148, 192, 212, 260}},
		{beetle, 30, .0001, 0, []int{71, 95, 117, 131, 142, 148, 192, 212}},
		{beetle, 30, .00001, 0, []int{71, 95, 131, 192, 212}},
	} {
		var got []int
		for _, change := range stat.EDivisive(c.x, stat.DivisiveOptions{Window: c.window, P: c.p, MinMagnitude: c.magnitude, AsOtava: true}) {
			got = append(got, change.Index)
		}
		if n++; slices.Equal(got, c.want) {
			right++
		}
	}
	return methodRow{"A: e-divisive, change points of Apache Otava's tests, every index, with its variances", "all", fmt.Sprintf("%d", right), n, right == n}
}
