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
}
