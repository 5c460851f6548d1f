package compare

import (
	"encoding/json"
	"math"
	"testing"
)

// The place of an exit time is an interval and a number on the line, a box and a list in the plane, and is read back.
func TestExitPlaceAsJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		place ExitPlace
		want  string
	}{
		{ExitPlace{Interval: &[2]Number{-1, 2}, Box: [][2]Number{}, X: Point{0.5}}, `{"interval":[-1,2],"box":[],"x":0.5}`},
		{ExitPlace{Box: [][2]Number{{-1, 2}, {0, 3}}, X: Point{0.5, 1}}, `{"interval":null,"box":[[-1,2],[0,3]],"x":[0.5,1]}`},
	} {
		text, err := json.Marshal(c.place)
		if err != nil || string(text) != c.want {
			t.Errorf("%s, %v, want %s", text, err, c.want)
		}
		var back ExitPlace
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if again, err := json.Marshal(back); err != nil || string(again) != c.want {
			t.Errorf("read back as %s, %v", again, err)
		}
	}
	var none Point
	if err := json.Unmarshal([]byte("null"), &none); err != nil || len(none) != 1 || !math.IsNaN(float64(none[0])) {
		t.Errorf("%v, %v", none, err)
	}
}
