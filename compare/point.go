package compare

import (
	"bytes"
	"encoding/json"
)

// Point is a point: in JSON a number on the line, and a list of two in the plane.
type Point []Number

// MarshalJSON implements json.Marshaler.
func (x Point) MarshalJSON() ([]byte, error) {
	if len(x) == 1 {
		return json.Marshal(x[0])
	}
	return json.Marshal([]Number(x))
}

// UnmarshalJSON implements json.Unmarshaler.
func (x *Point) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("[")) {
		return json.Unmarshal(b, (*[]Number)(x))
	}
	*x = make(Point, 1)
	return json.Unmarshal(b, &(*x)[0])
}
