package stat

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// The curves that the tests of github.com/arvkevi/kneed use, with their knees:
// figure 2 of the paper at .22, and four shapes of ten points.
func TestKneePublished(t *testing.T) {
	x, y := make([]float64, 10), make([]float64, 10)
	for i := range x {
		x[i] = float64(i) / 9
		y[i] = 5 - 1/(x[i]+0.1)
	}
	i, ok := Knee(x, y, Shape{}, 1)
	if !ok {
		t.Fatal("figure 2 has no knee")
	}
	within(t, "figure 2", x[i], 0.22, 0.05)
	for j := range x {
		x[j] = float64(j)
	}
	for _, tt := range []struct {
		name  string
		y     []float64
		shape Shape
		want  int
	}{
		{"concave increasing", []float64{0, 60, 80, 85, 90, 95, 96, 97, 98, 99}, Shape{}, 2},
		{"concave decreasing", []float64{99, 98, 97, 96, 95, 90, 85, 80, 60, 0}, Shape{Decreasing: true}, 7},
		{"convex increasing", []float64{1, 2, 3, 4, 5, 10, 15, 20, 40, 100}, Shape{Convex: true}, 7},
		{"convex decreasing", []float64{100, 40, 20, 15, 10, 5, 4, 3, 2, 1}, Shape{Convex: true, Decreasing: true}, 2},
	} {
		if got, ok := Knee(x, tt.y, tt.shape, 1); !ok || got != tt.want {
			t.Errorf("%s: %d, %v; want %d", tt.name, got, ok, tt.want)
		}
	}
}

// On a smooth curve the knee is where its slope equals that of the line between
// its ends: for the normal distribution function over 4 standard deviations on
// each side, where the density is nearly 1/8.
func TestKneeOfNormal(t *testing.T) {
	var x, y []float64
	for i := range 801 {
		x = append(x, -4+float64(i)/100)
		y = append(y, distuv.UnitNormal.CDF(x[i]))
	}
	rise := y[800] - y[0]
	i, ok := Knee(x, y, Shape{}, 1)
	if !ok {
		t.Fatal("no knee")
	}
	near(t, "knee", x[i], math.Sqrt(-2*math.Log(rise/8*math.Sqrt(2*math.Pi))), 0.011)
}

func TestKneeInvariance(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := rapid.Float64Range(0.01, 100).Draw(rt, "x scale"), rapid.Float64Range(0.01, 100).Draw(rt, "y scale")
		c := rapid.Float64Range(-100, 100).Draw(rt, "shift")
		bend := rapid.Float64Range(1, 30).Draw(rt, "bend")
		x, y, u, v := make([]float64, 40), make([]float64, 40), make([]float64, 40), make([]float64, 40)
		for i := range x {
			x[i] = float64(i)
			y[i] = x[i] / (bend + x[i])
			u[i], v[i] = c+a*x[i], c+b*y[i]
		}
		i, ok := Knee(x, y, Shape{}, 1)
		j, okMoved := Knee(u, v, Shape{}, 1)
		if ok != okMoved || max(i-j, j-i) > 1 {
			rt.Fatalf("%d %v, moved %d %v", i, ok, j, okMoved)
		}
	})
}

func TestKneeRefuses(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5}
	for name, d := range map[string][2][]float64{
		"empty": {nil, nil}, "three": {x[:3], x[:3]}, "line": {x, x}, "flat": {x, {2, 2, 2, 2, 2}}, "lengths": {x, x[:4]},
		"NaN": {x, {1, 2, math.NaN(), 4, 5}}, "falling x": {{5, 4, 3, 2, 1}, {0, 3, 4, 4.5, 4.6}}, "one x": {{2, 2, 2, 2}, x[:4]},
	} {
		if i, ok := Knee(d[0], d[1], Shape{}, 1); ok {
			t.Errorf("%s: %d", name, i)
		}
	}
}
