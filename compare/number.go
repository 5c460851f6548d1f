package compare

import (
	"bytes"
	"encoding/json"
	"math"
)

// Number is a float64 that is stored as null in JSON when it is NaN or
// infinite, and read back from null as NaN.
type Number float64

func (v Number) MarshalJSON() ([]byte, error) {
	if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(v))
}

func (v *Number) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*v = Number(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(v))
}
