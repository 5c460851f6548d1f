package export

import (
	"context"
	"fmt"
	"io"

	"kolmo/internal/wholefile"
)

// writeFile writes the file path as wholefile.Write does.
func writeFile(path string, write func(w io.Writer) error) error {
	return writeFileContext(context.Background(), path, write)
}

// writeFileContext writes the file path as wholefile.WriteContext does.
func writeFileContext(ctx context.Context, path string, write func(w io.Writer) error) error {
	if err := wholefile.WriteContext(ctx, path, write); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
