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
