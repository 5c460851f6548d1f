package words

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"kolmo/assumptions"
)

// Every constant that a check finds is listed with its own value and a meaning, and no
// other is.
func TestEveryConstantIsListed(t *testing.T) {
	t.Parallel()
	c := &assumptions.Assumptions{}
	for i, k := range []*assumptions.Constant{&c.Mu, &c.Nu, &c.L, &c.M1, &c.M2, &c.Eta0, &c.EtaInvariant, &c.Eta1} {
		*k = assumptions.Constant{Value: float64(i + 1), Status: assumptions.Found}
	}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	found := map[string]float64{}
	for name, raw := range all {
		var k struct {
			Value  float64
			Status string
		}
		if json.Unmarshal(raw, &k) == nil && k.Status != "" {
			found[name] = k.Value
		}
	}
	shown := map[string]float64{}
	for _, k := range listed(c) {
		shown[k.Name] = k.Value
		if k.Meaning == "" || k.Void == "" {
			t.Errorf("%s has no meaning", k.Name)
		}
	}
	if len(found) != 8 || !maps.Equal(found, shown) {
		t.Errorf("found are %v (%q), shown %v", found, slices.Sorted(maps.Keys(all)), shown)
	}
}
