package terminal

import (
	"bytes"
	"testing"
)

// Verdicts are green or red, and nothing else is coloured; JSON is not at all.
func TestPainted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"|x| <= 2, 6 of 6 rows certified\n":          "|x| <= 2, \x1b[32m6 of 6 rows certified\x1b[39m\n",
		"|x| <= 2, 5 of 6 rows certified\n":          "|x| <= 2, \x1b[31m5 of 6 rows certified\x1b[39m\n",
		"2 of 2 gaps are not certified\n":            "\x1b[31m2 of 2 gaps are not certified\x1b[39m\n",
		"1 of 2 gaps is not certified\n":             "\x1b[31m1 of 2 gaps is not certified\x1b[39m\n",
		"all 6 gaps are certified\n":                 "\x1b[32mall 6 gaps are certified\x1b[39m\n",
		"the one gap is certified\n":                 "\x1b[32mthe one gap is certified\x1b[39m\n",
		"(Theorem 1): confirmed\nunconfirmed":        "(Theorem 1)\x1b[32m: confirmed\x1b[39m\nunconfirmed",
		"  1/8  agrees\n  1/9  disagrees\n":          "  1/8  \x1b[32magrees\x1b[39m\n  1/9  \x1b[31mdisagrees\x1b[39m\n",
		"mu  PROVED\nnu  FAILS\n":                    "mu  \x1b[32mPROVED\x1b[39m\nnu  \x1b[31mFAILS\x1b[39m\n",
		"a study that agrees with itself, certified": "a study that agrees with itself, certified",
	} {
		if got := painted(text); got != want {
			t.Errorf("%q is painted as %q, want %q", text, got, want)
		}
	}
	var b bytes.Buffer
	e := NewEscaper(&b)
	e.Color = true
	if _, err := e.Write([]byte(`{"verdict": "gap: confirmed"}`)); err != nil || b.String() != `{"verdict": "gap: confirmed"}` {
		t.Errorf("JSON is painted as %q, %v", b.String(), err)
	}
	// What is no terminal has no colours.
	if Colored(&b) {
		t.Error("a buffer is a terminal")
	}
}
