package compare

import (
	"math"
	"reflect"
	"testing"
)

// Every part of an error is unknown at first, counts once in the sum, and in the error of a
// field at most once.
func TestPartsOfErrors(t *testing.T) {
	t.Parallel()
	none := reflect.ValueOf(NoErrors())
	for i := range none.NumField() {
		name := none.Type().Field(i).Name
		if !math.IsNaN(none.Field(i).Float()) {
			t.Errorf("%s is known where nothing is", name)
		}
		var e Errors
		reflect.ValueOf(&e).Elem().Field(i).SetFloat(1)
		open := Number(1)
		if name == "Tail" {
			open = 0
		}
		if e.Total(true) != 1 || e.Total(false) != open {
			t.Errorf("%s counts %g in the sum, %g where it is open", name, e.Total(true), e.Total(false))
		}
		u, chain, difference := e.OfFields()
		if most := max(u, chain); difference != most || difference > 1 {
			t.Errorf("%s counts %g in u, %g in U, %g in the difference", name, u, chain, difference)
		}
	}
}
