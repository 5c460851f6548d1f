package h5

import (
	"regexp"
	"testing"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	v, err := Version()
	if err != nil || !regexp.MustCompile(`^[12]\.[0-9]+\.[0-9]+$`).MatchString(v) || v == "1.0.0" {
		t.Errorf("version %q, %v", v, err)
	}
}
