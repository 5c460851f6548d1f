package spelling

import "testing"

func TestNearest(t *testing.T) {
	t.Parallel()
	keys := []string{"parameters", "loss", "eta"}
	for in, want := range map[string]string{"paramters": "parameters", "lsos": "loss", "zeta": "eta", "a": "", "horizon": "", "ETA": "eta", "Loss": "loss"} {
		if got := Nearest(in, keys); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", in, got, want)
		}
	}
	// One letter for another of two is nearer than one of two letters gone.
	for in, want := range map[string]string{"xj": "xi", "xx": "xi"} {
		if got := Nearest(in, []string{"x", "xi"}); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", in, got, want)
		}
	}
}
