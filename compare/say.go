package compare

import (
	"fmt"
	"io"
	"math"
)

// Say is fmt.Sprintf for reasons, verdicts and warnings: a number that is not finite stands there in words, since nobody
// can tell what "+Inf" or "NaN" is to mean. It changes args.
func Say(format string, args ...any) string {
	for i, v := range args {
		f, ok := v.(float64)
		if n, is := v.(Number); is {
			f, ok = float64(n), true
		}
		if ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
			args[i] = unknown{}
		}
	}
	return fmt.Sprintf(format, args...)
}

// unknown is how a number that is not finite is written, whatever the verb.
type unknown struct{}

func (unknown) Format(f fmt.State, _ rune) { io.WriteString(f, "an unknown number") }
