package main

import "fmt"

// avx512 has 32 registers of 8 numbers: up to 24 sums, 3 vectors of B, and a
// broadcast entry of A that alternates between two.
type avx512 struct{}

func (avx512) name() string     { return "gemmAVX512" }
func (avx512) rows() int        { return 8 }
func (avx512) bytes() int       { return 64 }
func (avx512) sum(i int) string { return fmt.Sprintf("Z%d", i) }

func (avx512) prepare(w *writer) {
	w.op("MOVQ tile_mask(AX), CX")
	w.op("KMOVW CX, K1")
}

func (avx512) zero(w *writer, reg string) { w.op("VPXORQ %s, %s, %s", reg, reg, reg) }

func (s avx512) loads(w *writer, vectors int) []string {
	b := []string{"Z24", "Z25", "Z26"}[:vectors]
	for j, reg := range b {
		if j < vectors-1 {
			w.op("VMOVUPD %s, %s", at(s, "DI", j), reg)
		} else {
			w.op("VMOVUPD.Z %s, K1, %s", at(s, "DI", j), reg)
		}
	}
	return b
}

func (avx512) row(w *writer, i int, a string, b, sums []string) {
	if len(b) == 1 {
		w.op("VFMADD231PD.BCST %s, %s, %s", a, b[0], sums[0])
		return
	}
	x := []string{"Z27", "Z28"}[i%2]
	w.op("VBROADCASTSD %s, %s", a, x)
	for j := range b {
		w.op("VFMADD231PD %s, %s, %s", b[j], x, sums[j])
	}
}

func (s avx512) stores(w *writer, _ string, rows, vectors int) {
	for i := range rows {
		for j := range vectors {
			if j < vectors-1 {
				w.op("VMOVUPD %s, %s", s.sum(i*vectors+j), at(s, "DX", j))
			} else {
				w.op("VMOVUPD %s, K1, %s", s.sum(i*vectors+j), at(s, "DX", j))
			}
		}
		w.op("ADDQ BX, DX")
	}
}

func (avx512) end(w *writer) {
	w.op("VZEROUPPER")
	w.op("RET")
}

// avx2 has 16 registers of 4 numbers: up to 12 sums, 3 vectors of B, and one for
// the mask while B is loaded, then for the entries of A.
type avx2 struct{}

func (avx2) name() string     { return "gemmAVX2" }
func (avx2) rows() int        { return 4 }
func (avx2) bytes() int       { return 32 }
func (avx2) sum(i int) string { return fmt.Sprintf("Y%d", i) }

func (avx2) prepare(*writer) {}

func (avx2) zero(w *writer, reg string) { w.op("VXORPD %s, %s, %s", reg, reg, reg) }

func (s avx2) loads(w *writer, vectors int) []string {
	b := []string{"Y12", "Y13", "Y14"}[:vectors]
	for j, reg := range b {
		if j < vectors-1 {
			w.op("VMOVUPD %s, %s", at(s, "DI", j), reg)
		} else {
			w.op("VMOVUPD tile_lanes(AX), Y15")
			w.op("VMASKMOVPD %s, Y15, %s", at(s, "DI", j), reg)
		}
	}
	return b
}

func (avx2) row(w *writer, _ int, a string, b, sums []string) {
	w.op("VBROADCASTSD %s, Y15", a)
	for j := range b {
		w.op("VFMADD231PD %s, Y15, %s", b[j], sums[j])
	}
}

// stores has a way without the mask: some processors take long for a masked store.
func (s avx2) stores(w *writer, label string, rows, vectors int) {
	store := func(masked bool) {
		for i := range rows {
			for j := range vectors {
				if sum := s.sum(i*vectors + j); masked && j == vectors-1 {
					w.op("VMASKMOVPD %s, Y15, %s", sum, at(s, "DX", j))
				} else {
					w.op("VMOVUPD %s, %s", sum, at(s, "DX", j))
				}
			}
			w.op("ADDQ BX, DX")
		}
	}
	w.op("CMPQ tile_mask(AX), $15")
	w.op("JNE  %smasked", label)
	store(false)
	w.op("JMP  %snext", label)
	w.line("\n%smasked:", label)
	w.op("VMOVUPD tile_lanes(AX), Y15")
	store(true)
	w.line("\n%snext:", label)
}

func (avx2) end(w *writer) {
	w.op("VZEROUPPER")
	w.op("RET")
}
