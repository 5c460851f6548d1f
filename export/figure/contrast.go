package figure

import (
	"fmt"
	"image/color"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Colours of the report's page by day and by night.
var (
	dayPage   = paper
	nightPage = color.NRGBA{R: 0x15, G: 0x18, B: 0x1c, A: 0xff}
)

// Contrasts that text and lines have to their page at least (WCAG 2.1, 1.4.3 and 1.4.11).
const (
	textContrast = 4.5
	lineContrast = 3
)

// luminance returns the relative luminance of a colour, as WCAG 2.1 defines it.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast returns the contrast ratio of two colours, 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// night are the colours of everything that is not data on the dark page.
var night = map[color.NRGBA]color.NRGBA{
	Ink:     {R: 0xe4, G: 0xe7, B: 0xeb, A: 0xff},
	SoftInk: {R: 0xa3, G: 0xab, B: 0xb5, A: 0xff},
	gridInk: {R: 0x3a, G: 0x41, B: 0x49, A: 0xff},
	paper:   nightPage,
}

// nightOf returns the colour that stands for c on the dark page: data keep their hue and are
// mixed with white until they stand out there as they do by day, and as well as text.
func nightOf(c color.NRGBA) color.NRGBA {
	if n, ok := night[c]; ok {
		return n
	}
	const steps = 40
	target := min(max(contrast(c, dayPage), textContrast), contrast(night[Ink], nightPage))
	for k := range steps {
		if n := mixed(c, paper, float64(k)/steps); contrast(n, nightPage) >= target {
			return n
		}
	}
	return night[Ink]
}

// mixed returns c with a share of another colour.
func mixed(c, with color.NRGBA, share float64) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a)*(1-share) + float64(b)*share)) }
	return color.NRGBA{R: mix(c.R, with.R), G: mix(c.G, with.G), B: mix(c.B, with.B), A: c.A}
}

// hexColor is a colour in what vgsvg writes.
var hexColor = regexp.MustCompile(`(fill|stroke):#([0-9A-F]{6})`)

// Themed replaces the colours of an SVG document inside a page by properties of its style sheet,
// and adds them to those used. Contour lines lie on the colours of a map and stay dark.
func Themed(svg string, used map[string]bool) string {
	onMaps := HexOf(lineInk)
	return hexColor.ReplaceAllStringFunc(svg, func(s string) string {
		kind, hex, _ := strings.Cut(s, ":#")
		if hex == onMaps {
			return s
		}
		used[hex] = true
		return kind + ":var(--c" + hex + ")"
	})
}

// HexOf writes a colour as vgsvg does, which loses a unit to rounding where there is
// transparency.
func HexOf(c color.NRGBA) string {
	r, g, b, a := c.RGBA()
	part := func(v uint32) int { return int(float64(v) / float64(a) * 255) }
	return fmt.Sprintf("%02X%02X%02X", part(r), part(g), part(b))
}

// colorOf reads six hexadecimal digits.
func colorOf(hex string) color.NRGBA {
	v, _ := strconv.ParseUint(hex, 16, 32)
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// Properties returns the declarations of the colours used, by day and by night.
func Properties(used map[string]bool) (day, dark string) {
	var names []string
	for hex := range used {
		names = append(names, hex)
	}
	slices.Sort(names)
	var a, b strings.Builder
	for _, hex := range names {
		fmt.Fprintf(&a, "--c%s:#%s;", hex, hex)
		n := nightOf(near(colorOf(hex)))
		fmt.Fprintf(&b, "--c%s:#%02X%02X%02X;", hex, n.R, n.G, n.B)
	}
	return a.String(), b.String()
}

// near returns the colour of the style that c is but for rounding, or c.
func near(c color.NRGBA) color.NRGBA {
	for s := range night {
		if abs8(s.R, c.R) <= 1 && abs8(s.G, c.G) <= 1 && abs8(s.B, c.B) <= 1 {
			return s
		}
	}
	return c
}

func abs8(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
