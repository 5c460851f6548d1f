//go:build amd64 && !purego

package kernel

// productsAVX512 is Products.AddTo for n > 0 entries and at least one term.
//
//go:noescape
func productsAVX512(s *productsOf)

// productsAVX2 is that for n a multiple of 4.
//
//go:noescape
func productsAVX2(s *productsOf)
