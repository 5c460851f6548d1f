//go:build amd64 && !purego

#include "textflag.h"

// func addMulAVX2(n int, dst *float64, alpha float64, a *float64, x *float64)
// n must be a positive multiple of 4.
TEXT ·addMulAVX2(SB), NOSPLIT, $0-40
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	VBROADCASTSD alpha+16(FP), Y0
	MOVQ a+24(FP), SI
	MOVQ x+32(FP), DX
	XORQ AX, AX
	MOVQ CX, BX
	ANDQ $-8, BX
	JZ   four

eight:
	VMULPD (SI)(AX*8), Y0, Y1
	VMULPD 32(SI)(AX*8), Y0, Y3
	VMOVUPD (DI)(AX*8), Y2
	VMOVUPD 32(DI)(AX*8), Y4
	VFMADD231PD (DX)(AX*8), Y1, Y2
	VFMADD231PD 32(DX)(AX*8), Y3, Y4
	VMOVUPD Y2, (DI)(AX*8)
	VMOVUPD Y4, 32(DI)(AX*8)
	ADDQ $8, AX
	CMPQ AX, BX
	JLT  eight

four:
	CMPQ AX, CX
	JGE  done
	VMULPD (SI)(AX*8), Y0, Y1
	VMOVUPD (DI)(AX*8), Y2
	VFMADD231PD (DX)(AX*8), Y1, Y2
	VMOVUPD Y2, (DI)(AX*8)

done:
	VZEROUPPER
	RET

// func addMulAVX512(n int, dst *float64, alpha float64, a *float64, x *float64)
// n must be positive; the last entries, up to eight, go by a mask.
TEXT ·addMulAVX512(SB), NOSPLIT, $0-40
	MOVQ n+0(FP), R8
	MOVQ dst+8(FP), DI
	VBROADCASTSD alpha+16(FP), Z0
	MOVQ a+24(FP), SI
	MOVQ x+32(FP), DX
	XORQ AX, AX
	MOVQ R8, BX
	ANDQ $-32, BX
	JZ   tail

wide:
	VMULPD (SI)(AX*8), Z0, Z1
	VMULPD 64(SI)(AX*8), Z0, Z2
	VMULPD 128(SI)(AX*8), Z0, Z3
	VMULPD 192(SI)(AX*8), Z0, Z4
	VMOVUPD (DI)(AX*8), Z5
	VMOVUPD 64(DI)(AX*8), Z6
	VMOVUPD 128(DI)(AX*8), Z7
	VMOVUPD 192(DI)(AX*8), Z8
	VFMADD231PD (DX)(AX*8), Z1, Z5
	VFMADD231PD 64(DX)(AX*8), Z2, Z6
	VFMADD231PD 128(DX)(AX*8), Z3, Z7
	VFMADD231PD 192(DX)(AX*8), Z4, Z8
	VMOVUPD Z5, (DI)(AX*8)
	VMOVUPD Z6, 64(DI)(AX*8)
	VMOVUPD Z7, 128(DI)(AX*8)
	VMOVUPD Z8, 192(DI)(AX*8)
	ADDQ $32, AX
	CMPQ AX, BX
	JLT  wide

tail:
	MOVQ R8, CX
	SUBQ AX, CX
	JLE  done512
	MOVQ $255, R9
	CMPQ CX, $8
	JGE  store
	MOVQ $1, R9
	SHLQ CX, R9
	DECQ R9

store:
	KMOVW R9, K1
	VMOVUPD.Z (SI)(AX*8), K1, Z1
	VMULPD Z1, Z0, Z1
	VMOVUPD.Z (DI)(AX*8), K1, Z5
	VMOVUPD.Z (DX)(AX*8), K1, Z2
	VFMADD231PD Z2, Z1, Z5
	VMOVUPD Z5, K1, (DI)(AX*8)
	ADDQ $8, AX
	JMP  tail

done512:
	VZEROUPPER
	RET
