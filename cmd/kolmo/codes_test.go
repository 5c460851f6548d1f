package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"testing"

	"kolmo/compare"
	"kolmo/study/document"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	bad := &document.Error{File: "a.yaml", Line: 3, Column: 7, Key: "loss", Msg: "wrong"}
	for _, c := range []struct {
		err  error
		code int
		text string
	}{
		{nil, 0, ""},
		{errors.New("disk\nfull"), 1, "kolmo: disk full"},
		{guarded(func() error { panic("index out of range") }), 1, "kolmo: internal error: index out of range; please report it with the study file"},
		{bad, 2, "a.yaml:3:7: loss: wrong"},
		{fmt.Errorf("wrapped: %w", bad), 2, "a.yaml:3:7: loss: wrong"},
		{usage("no %s", "way"), 2, "kolmo: no way"},
		{errUncertified, 3, ""},
		{&disagreement{"2 of 30 comparisons disagree"}, 4, "kolmo: 2 of 30 comparisons disagree"},
		{fmt.Errorf("step 3: %w", context.Canceled), 130, "kolmo: interrupted; nothing was written"},
	} {
		if got := exitCode(c.err); got != c.code {
			t.Errorf("%v: code %d, want %d", c.err, got, c.code)
		}
		if got := message(c.err); got != c.text {
			t.Errorf("%v: %q, want %q", c.err, got, c.text)
		}
	}
}

// TestVerifyOutcome: one disagreement outweighs what could not be compared.
func TestVerifyOutcome(t *testing.T) {
	t.Parallel()
	verification := func(verdicts ...compare.Verdict) *compare.Verification {
		v := &compare.Verification{Sampled: []compare.SampledMean{{Verdict: compare.Agrees}}}
		for _, w := range verdicts {
			v.Gap = append(v.Gap, compare.VerifiedGap{Verdict: w})
		}
		v.Agree = v.Disagreeing() == 0
		return v
	}
	for _, c := range []struct {
		v    *compare.Verification
		code int
	}{
		{verification(compare.Agrees), codeDone},
		{verification(compare.Agrees, compare.Incomplete), codeUncertified},
		{verification(compare.Disagrees, compare.Incomplete), codeDisagreed},
	} {
		if got := exitCode(outcome(c.v)); got != c.code {
			t.Errorf("%v: code %d, want %d", c.v.Gap, got, c.code)
		}
	}
}

func TestVersionOf(t *testing.T) {
	t.Parallel()
	info := func(version string, settings ...string) *debug.BuildInfo {
		b := &debug.BuildInfo{Main: debug.Module{Version: version}}
		for i := 0; i < len(settings); i += 2 {
			b.Settings = append(b.Settings, debug.BuildSetting{Key: settings[i], Value: settings[i+1]})
		}
		return b
	}
	const revision = "0123456789abcdef0123456789abcdef01234567"
	for _, c := range []struct {
		b    *debug.BuildInfo
		want string
	}{
		{info(""), "devel"},
		{info("(devel)", "vcs.revision", revision, "vcs.modified", "false"), "devel (0123456789ab)"},
		{info("(devel)", "vcs.revision", revision, "vcs.modified", "true"), "devel (0123456789ab, changed)"},
		{info("v0.0.0-20260102030405-0123456789ab+dirty", "vcs.revision", revision), "v0.0.0-20260102030405-0123456789ab+dirty"},
		{info("v1.2.3"), "v1.2.3"},
	} {
		if got := versionOf(c.b); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
