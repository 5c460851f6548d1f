package compare

import (
	"fmt"
)

// Shard names one of Of parts into which the units of a study are divided, from 1 on.
type Shard struct{ K, Of int }

// String returns "3/8".
func (h Shard) String() string { return fmt.Sprintf("%d/%d", h.K, h.Of) }
