package export

import (
	"fmt"
	"io"

	"kolmo/internal/wholefile"
)

// writeFile writes the file path as wholefile.Write does.
func writeFile(path string, write func(w io.Writer) error) error {
	if err := wholefile.Write(path, write); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
