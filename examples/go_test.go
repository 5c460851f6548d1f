package examples

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// goProgram builds and runs a program of examples/go and returns what it prints.
func goProgram(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", program, "./go/"+name).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	out, err := exec.Command(program).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// TestGoBackward: every solution of the program is the exact one that it prints beside.
func TestGoBackward(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(goProgram(t, "backward")), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines, want 4", len(lines))
	}
	for _, line := range lines {
		_, numbers, _ := strings.Cut(line, " = ")
		if got, want, ok := strings.Cut(numbers, ", exactly "); !ok || got != want {
			t.Error(line)
		}
	}
}

// TestGoStep: the means are those of all sequences of samples, followed one by one.
func TestGoStep(t *testing.T) {
	out := goProgram(t, "step")
	points := [][2]float64{{1, -1}}
	for n := 1; n <= 10; n++ {
		var next [][2]float64
		var sum float64
		for _, x := range points {
			for _, xi := range [][3]float64{{1, 0, 0.5}, {0.5, 1, -0.5}, {-0.5, 1, 0.25}} {
				r := xi[0]*x[0] + xi[1]*x[1] - xi[2]
				p := [2]float64{x[0] - 0.25*r*xi[0], x[1] - 0.25*r*xi[1]}
				next = append(next, p)
				sum += p[0]*p[0] + p[1]*p[1]
			}
		}
		points = next
		if line := fmt.Sprintf("E |X_%d|^2 = %.9f from x = (1, -1)\n", n, sum/float64(len(points))); !strings.Contains(out, line) {
			t.Errorf("no line %q in\n%s", line, out)
		}
	}
}
