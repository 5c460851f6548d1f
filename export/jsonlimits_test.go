package export

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kolmo/internal/madeup"
)

// TestResultsTextLimits: what has few bytes and would need much memory is not decoded.
func TestResultsTextLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{`{"gap": [` + strings.Repeat("0,", maxResultsRows-1) + `0]}`, true},
		{`{"gap": [` + strings.Repeat("0,", maxResultsRows) + `0]}`, false},
		{`{"gap": [` + strings.Repeat("null,", maxResultsRows/2) + `{}], "decay": [` + strings.Repeat("{},", maxResultsRows/2) + `{}]}`, false},
		{`{"run": {"a": [` + strings.Repeat("0,", maxResultsValues) + `0]}}`, false},
		{`{"title": "[[\"[` + strings.Repeat("a,", maxResultsValues) + `"}`, true},
	} {
		if err := checkResultsText([]byte(c.text)); (err == nil) != c.ok {
			t.Errorf("%.40s ..: %v", c.text, err)
		}
	}
}

// TestResultsTextIsAFile: pipes do not wait, and the size is looked at first.
func TestResultsTextIsAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, maxResultsBytes+1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{pipe: "not a regular file", "/dev/zero": "not a regular file", dir: "not a regular file", large: "larger than 64 MiB"} {
		if _, err := ReadJSON(path); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

// FuzzReadJSON: whatever a results.json holds, it is refused or can be printed and written
// again.
func FuzzReadJSON(f *testing.F) {
	f.Add([]byte(`{"schema": 1, "study": "a", "gap": [{"observable": "o", "model": "m", "eta": 0.25, "gap": null, "x": [null], "certified": false, "reason": "b"}]}`))
	f.Add([]byte(`{"schema": 1, "order": [{"slope": 1e308, "etas": [0.5]}], "run": {"studies": ["gap"]}, "decay": [{"J": [1, null], "window": [0, 1]}], "warnings": ["\u0000"]}`))
	f.Add([]byte(`{"schema": 1, "gap": [null, {}], "order": null, "decay": [{}], "local_error": [{}], "constant": [{}], "horizon": [{}], "stationary": [{}], "moments": [{}], "choices": [{}]}`))
	for d := 1; d <= 2; d++ {
		r := madeup.Result(d)
		r.Gap, r.Order = r.Gap[:2], r.Order[:1]
		var b bytes.Buffer
		if err := encodeJSON(&b, r); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if checkResultsText(text) != nil {
			return
		}
		r, err := DecodeJSON(text)
		if err != nil {
			return
		}
		r.Certified()
		if err := WriteTable(io.Discard, r); err != nil {
			t.Error(err)
		}
		if err := encodeJSON(io.Discard, r); err != nil {
			t.Error(err)
		}
	})
}
