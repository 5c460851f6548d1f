package words

import (
	"path/filepath"
	"strings"
	"testing"

	"kolmo/study"
)

// load reads a shipped study.
func load(t *testing.T, name string) *study.Study {
	t.Helper()
	s, err := study.Load("../../../../studies/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	iris := load(t, "iris")
	m := Meta(iris)
	quad := load(t, "quad2d")
	coin := load(t, "quad1d")
	langevin := load(t, "langevin")
	heavy := load(t, "heavyball")
	heavyBall, axes, _ := strings.Cut(ballWords(heavy), "; axes: ")
	if !strings.HasPrefix(axes, "y/sqrt(1 + ") {
		t.Errorf("the axes of heavy ball are %q", axes)
	}
	for _, c := range []struct{ got, want string }{
		{m.StudyFile, "iris.yaml"},
		{m.Command, "kolmo run iris.yaml"},
		{m.Loss, "softplus(-y*(w1*a + w2*b)) + 0.05*(w1^2 + w2^2)"},
		{m.Ball, "|x| <= 4; the modified model's noise ends at 6"},
		{m.Accuracy, "1 % of each gap"},
		{m.Observables[0].Name + " = " + m.Observables[0].Expr, "expected_loss = f"},
		{m.Sample, `a row of data/iris.csv with species in ["versicolor", "virginica"], all equally likely; ` +
			`a = standardize(petal_length), b = standardize(petal_width), y = species == "virginica" ? 1 : -1`},
		{sampleWords(quad), "p, q: one of 4 values, (1, 0.4), (-1, -0.4), (0.3, -0.6), (-0.3, 0.6), equally likely"},
		{sampleWords(coin), "xi: one of 2 values, -1, 1, equally likely"},
		{m.Solver, "space: auto; time: auto; nodes refined until the accuracy is met"},
		{ballWords(&study.Study{Randomness: study.Randomness{Parameters: []string{"x", "y"}}, Region: study.Region{Center: []float64{1, -0.5}, R: 2, R2: 3}}), "|x - (1, -0.5)| <= 2"},
		{ballWords(langevin), "|x| <= 2; noise ends from 3 to 4.5"},
		{ballWords(load(t, "sam")), "|x| <= 2; the models' noise ends at 3"},
		{ballWords(load(t, "rmsprop")), "|x| <= 1, m = 0.5"},
		{heavyBall, "|z|_P <= 3, z = (x, v_x); the models' noise ends at 4.5"},
		{strings.Join(Meta(langevin).Parameters, " "), "x"},
		{strings.Join(Meta(langevin).State, " "), ""},
		{strings.Join(Meta(heavy).State, " "), "x v_x"},
		{strings.Join(m.State, " "), ""},
		{solverWords(study.Solver{Space: "uniform", Order: 6, Time: "polynomial", Nodes: []int{40, 50}}),
			"space: uniform of order 6; time: polynomial; nodes per axis 40 50"},
	} {
		if c.got != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
	hash, err := DataHash(iris, filepath.Dir(iris.Path))
	if err != nil || len(hash) != 64 {
		t.Errorf("the data's sum is %q, %v", hash, err)
	}
	run := Provenance(iris, Ticket(iris, hash))
	if run["data"] != "data/iris.csv" || run[RunDataHash] != hash || run["study_file"] != "iris.yaml" {
		t.Errorf("run is %v", run)
	}
}
