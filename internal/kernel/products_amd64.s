//go:build amd64 && !purego

#include "go_asm.h"
#include "textflag.h"

// Register use: DI the description; R8 the entries, R9 the terms, DX dst, SI base or zero;
// AX the entry at hand, R10 the place of a term's pointers, CX the terms that are left.

// func productsAVX512(s *productsOf)
TEXT ·productsAVX512(SB), NOSPLIT, $0-8
	MOVQ s+0(FP), DI
	MOVQ productsOf_n(DI), R8
	MOVQ productsOf_dst(DI), DX
	MOVQ productsOf_base(DI), SI
	MOVQ productsOf_terms(DI), R9
	VBROADCASTSD productsOf_alpha(DI), Z0
	XORQ AX, AX
	MOVQ R8, BX
	SUBQ $32, BX
	JLT  productsAVX512tail

productsAVX512wide:
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	LEAQ productsOf_a(DI), R10
	MOVQ R9, CX

productsAVX512term:
	MOVQ (R10), R11
	MOVQ productsOf_x-productsOf_a(R10), R12
	VMOVUPD (R11)(AX*8), Z5
	VMOVUPD 64(R11)(AX*8), Z6
	VMOVUPD 128(R11)(AX*8), Z7
	VMOVUPD 192(R11)(AX*8), Z8
	VFMADD231PD (R12)(AX*8), Z5, Z1
	VFMADD231PD 64(R12)(AX*8), Z6, Z2
	VFMADD231PD 128(R12)(AX*8), Z7, Z3
	VFMADD231PD 192(R12)(AX*8), Z8, Z4
	ADDQ $8, R10
	DECQ CX
	JNZ  productsAVX512term
	TESTQ SI, SI
	JZ   productsAVX512scale
	VFMADD213PD (SI)(AX*8), Z0, Z1
	VFMADD213PD 64(SI)(AX*8), Z0, Z2
	VFMADD213PD 128(SI)(AX*8), Z0, Z3
	VFMADD213PD 192(SI)(AX*8), Z0, Z4
	JMP  productsAVX512store

productsAVX512scale:
	VMULPD Z0, Z1, Z1
	VMULPD Z0, Z2, Z2
	VMULPD Z0, Z3, Z3
	VMULPD Z0, Z4, Z4

productsAVX512store:
	VMOVUPD Z1, (DX)(AX*8)
	VMOVUPD Z2, 64(DX)(AX*8)
	VMOVUPD Z3, 128(DX)(AX*8)
	VMOVUPD Z4, 192(DX)(AX*8)
	ADDQ $32, AX
	CMPQ AX, BX
	JLE  productsAVX512wide

productsAVX512tail:
	MOVQ R8, BX
	SUBQ AX, BX
	JLE  productsAVX512done
	MOVQ $255, R11
	CMPQ BX, $8
	JGE  productsAVX512masked
	MOVQ $1, R11
	MOVQ BX, CX
	SHLQ CX, R11
	DECQ R11

productsAVX512masked:
	KMOVW R11, K1
	VPXORQ Z1, Z1, Z1
	LEAQ productsOf_a(DI), R10
	MOVQ R9, CX

productsAVX512last:
	MOVQ (R10), R11
	MOVQ productsOf_x-productsOf_a(R10), R12
	VMOVUPD.Z (R11)(AX*8), K1, Z5
	VMOVUPD.Z (R12)(AX*8), K1, Z6
	VFMADD231PD Z6, Z5, Z1
	ADDQ $8, R10
	DECQ CX
	JNZ  productsAVX512last
	TESTQ SI, SI
	JZ   productsAVX512lastscale
	VMOVUPD.Z (SI)(AX*8), K1, Z5
	VFMADD213PD Z5, Z0, Z1
	JMP  productsAVX512laststore

productsAVX512lastscale:
	VMULPD Z0, Z1, Z1

productsAVX512laststore:
	VMOVUPD Z1, K1, (DX)(AX*8)
	ADDQ $8, AX
	JMP  productsAVX512tail

productsAVX512done:
	VZEROUPPER
	RET

// func productsAVX2(s *productsOf)
TEXT ·productsAVX2(SB), NOSPLIT, $0-8
	MOVQ s+0(FP), DI
	MOVQ productsOf_n(DI), R8
	MOVQ productsOf_dst(DI), DX
	MOVQ productsOf_base(DI), SI
	MOVQ productsOf_terms(DI), R9
	VBROADCASTSD productsOf_alpha(DI), Y0
	XORQ AX, AX
	MOVQ R8, BX
	SUBQ $16, BX
	JLT  productsAVX2tail

productsAVX2wide:
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	VXORPD Y4, Y4, Y4
	LEAQ productsOf_a(DI), R10
	MOVQ R9, CX

productsAVX2term:
	MOVQ (R10), R11
	MOVQ productsOf_x-productsOf_a(R10), R12
	VMOVUPD (R11)(AX*8), Y5
	VMOVUPD 32(R11)(AX*8), Y6
	VMOVUPD 64(R11)(AX*8), Y7
	VMOVUPD 96(R11)(AX*8), Y8
	VFMADD231PD (R12)(AX*8), Y5, Y1
	VFMADD231PD 32(R12)(AX*8), Y6, Y2
	VFMADD231PD 64(R12)(AX*8), Y7, Y3
	VFMADD231PD 96(R12)(AX*8), Y8, Y4
	ADDQ $8, R10
	DECQ CX
	JNZ  productsAVX2term
	TESTQ SI, SI
	JZ   productsAVX2scale
	VFMADD213PD (SI)(AX*8), Y0, Y1
	VFMADD213PD 32(SI)(AX*8), Y0, Y2
	VFMADD213PD 64(SI)(AX*8), Y0, Y3
	VFMADD213PD 96(SI)(AX*8), Y0, Y4
	JMP  productsAVX2store

productsAVX2scale:
	VMULPD Y0, Y1, Y1
	VMULPD Y0, Y2, Y2
	VMULPD Y0, Y3, Y3
	VMULPD Y0, Y4, Y4

productsAVX2store:
	VMOVUPD Y1, (DX)(AX*8)
	VMOVUPD Y2, 32(DX)(AX*8)
	VMOVUPD Y3, 64(DX)(AX*8)
	VMOVUPD Y4, 96(DX)(AX*8)
	ADDQ $16, AX
	CMPQ AX, BX
	JLE  productsAVX2wide

productsAVX2tail:
	MOVQ R8, BX
	SUBQ AX, BX
	JLE  productsAVX2done
	VXORPD Y1, Y1, Y1
	LEAQ productsOf_a(DI), R10
	MOVQ R9, CX

productsAVX2last:
	MOVQ (R10), R11
	MOVQ productsOf_x-productsOf_a(R10), R12
	VMOVUPD (R11)(AX*8), Y5
	VMOVUPD (R12)(AX*8), Y6
	VFMADD231PD Y6, Y5, Y1
	ADDQ $8, R10
	DECQ CX
	JNZ  productsAVX2last
	TESTQ SI, SI
	JZ   productsAVX2lastscale
	VMOVUPD (SI)(AX*8), Y5
	VFMADD213PD Y5, Y0, Y1
	JMP  productsAVX2laststore

productsAVX2lastscale:
	VMULPD Y0, Y1, Y1

productsAVX2laststore:
	VMOVUPD Y1, (DX)(AX*8)
	ADDQ $4, AX
	JMP  productsAVX2tail

productsAVX2done:
	VZEROUPPER
	RET
