package export

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// Limits of a results.json that is read. A study of ten thousand rows stays far below;
// beyond them the rows would need many times the memory that the file has bytes.
const (
	maxResultsBytes  = 64 << 20
	maxResultsRows   = 100_000 // in all lists together
	maxResultsValues = 1 << 22
)

// ReadJSONText returns the text of a results.json, which must be a regular file within
// the limits; whether it holds results is ReadJSON's to say.
func ReadJSONText(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe would wait for its other end
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("export: %w", err)
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	case info.Size() > maxResultsBytes:
		return nil, errTooLarge
	}
	text, err := io.ReadAll(io.LimitReader(f, maxResultsBytes+1))
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	if len(text) > maxResultsBytes {
		return nil, errTooLarge
	}
	return text, checkResultsText(text)
}

var errTooLarge = fmt.Errorf("larger than %d MiB", maxResultsBytes>>20)

// checkResultsText returns an error if a text, should it be JSON, has more values than
// the limits. It counts commas: those in lists of the outermost object are between rows.
func checkResultsText(text []byte) error {
	depth, rows, values := 0, 0, 0
	inside, escaped := false, false
	for _, c := range text {
		switch {
		case inside:
			inside = escaped || c != '"'
			escaped = !escaped && c == '\\'
		case c == '"':
			inside = true
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ',':
			values++
			if depth == 2 {
				rows++
			}
		}
	}
	if rows >= maxResultsRows || values >= maxResultsValues {
		return fmt.Errorf("more than %d rows or %d values", maxResultsRows, maxResultsValues)
	}
	return nil
}
