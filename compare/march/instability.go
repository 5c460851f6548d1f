package march

import (
	"errors"
	"strings"

	"kolmo/kolmogorov"
)

// Instability turns a model's failure into a reason.
func Instability(err error) string {
	reason := strings.TrimPrefix(err.Error(), "kolmogorov: ")
	if errors.Is(err, kolmogorov.ErrUnstable) {
		return "unstable: " + reason
	}
	return reason
}
