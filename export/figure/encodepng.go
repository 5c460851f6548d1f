package figure

import (
	"bufio"
	"image"
	"image/png"
	"io"
)

// encodePNG writes an opaque image as a PNG, with a palette if 256 colours show it: a
// third of the bytes to compress, and not filtered.
func encodePNG(w io.Writer, img *image.RGBA) error {
	b := bufio.NewWriter(w)
	var shown image.Image = img
	if p := paletted(img); p != nil {
		shown = p
	}
	if err := png.Encode(b, shown); err != nil {
		return err
	}
	return b.Flush()
}
