//go:build amd64 && !purego

#include "textflag.h"

// Every function goes over n entries, a positive multiple of 4: CX the number, AX the entry,
// DI the destination, SI, DX and BX the operands. Nothing is fused: see lanes.go.

// func plusAVX2(n int, dst *float64, a *float64, b *float64)
TEXT ·plusAVX2(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	MOVQ a+16(FP), SI
	MOVQ b+24(FP), DX
	XORQ AX, AX

plus:
	VMOVUPD (SI)(AX*8), Y0
	VADDPD (DX)(AX*8), Y0, Y0
	VMOVUPD Y0, (DI)(AX*8)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  plus
	VZEROUPPER
	RET

// func minusAVX2(n int, dst *float64, a *float64, b *float64)
TEXT ·minusAVX2(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	MOVQ a+16(FP), SI
	MOVQ b+24(FP), DX
	XORQ AX, AX

minus:
	VMOVUPD (SI)(AX*8), Y0
	VSUBPD (DX)(AX*8), Y0, Y0
	VMOVUPD Y0, (DI)(AX*8)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  minus
	VZEROUPPER
	RET

// func timesAVX2(n int, dst *float64, a *float64, b *float64)
TEXT ·timesAVX2(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	MOVQ a+16(FP), SI
	MOVQ b+24(FP), DX
	XORQ AX, AX

times:
	VMOVUPD (SI)(AX*8), Y0
	VMULPD (DX)(AX*8), Y0, Y0
	VMOVUPD Y0, (DI)(AX*8)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  times
	VZEROUPPER
	RET

// func addTimesAVX2(n int, dst *float64, a *float64, b *float64)
TEXT ·addTimesAVX2(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	MOVQ a+16(FP), SI
	MOVQ b+24(FP), DX
	XORQ AX, AX

addtimes:
	VMOVUPD (SI)(AX*8), Y0
	VMULPD (DX)(AX*8), Y0, Y0
	VADDPD (DI)(AX*8), Y0, Y0
	VMOVUPD Y0, (DI)(AX*8)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  addtimes
	VZEROUPPER
	RET

// func times3AVX2(n int, dst *float64, a *float64, b *float64, c *float64)
TEXT ·times3AVX2(SB), NOSPLIT, $0-40
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	MOVQ a+16(FP), SI
	MOVQ b+24(FP), DX
	MOVQ c+32(FP), BX
	XORQ AX, AX

times3:
	VMOVUPD (SI)(AX*8), Y0
	VMULPD (DX)(AX*8), Y0, Y0
	VMULPD (BX)(AX*8), Y0, Y0
	VMOVUPD Y0, (DI)(AX*8)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  times3
	VZEROUPPER
	RET

// func addTimes3AVX2(n int, dst *float64, a *float64, b *float64, c *float64)
TEXT ·addTimes3AVX2(SB), NOSPLIT, $0-40
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	MOVQ a+16(FP), SI
	MOVQ b+24(FP), DX
	MOVQ c+32(FP), BX
	XORQ AX, AX

addtimes3:
	VMOVUPD (SI)(AX*8), Y0
	VMULPD (DX)(AX*8), Y0, Y0
	VMULPD (BX)(AX*8), Y0, Y0
	VADDPD (DI)(AX*8), Y0, Y0
	VMOVUPD Y0, (DI)(AX*8)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  addtimes3
	VZEROUPPER
	RET

// func dotAVX2(n int, s *[4]float64, w *float64, a *float64)
TEXT ·dotAVX2(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	MOVQ s+8(FP), DI
	MOVQ w+16(FP), SI
	MOVQ a+24(FP), DX
	XORQ AX, AX
	VXORPD Y1, Y1, Y1

dot:
	VMOVUPD (SI)(AX*8), Y0
	VMULPD (DX)(AX*8), Y0, Y0
	VADDPD Y0, Y1, Y1
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  dot
	VMOVUPD Y1, (DI)
	VZEROUPPER
	RET

// func covarianceAVX2(n int, s *[4]float64, w *float64, a *float64, b *float64, meanA float64, meanB float64)
TEXT ·covarianceAVX2(SB), NOSPLIT, $0-56
	MOVQ n+0(FP), CX
	MOVQ s+8(FP), DI
	MOVQ w+16(FP), SI
	MOVQ a+24(FP), DX
	MOVQ b+32(FP), BX
	VBROADCASTSD meanA+40(FP), Y2
	VBROADCASTSD meanB+48(FP), Y3
	XORQ AX, AX
	VXORPD Y1, Y1, Y1

covariance:
	VMOVUPD (DX)(AX*8), Y0
	VSUBPD Y2, Y0, Y0
	VMULPD (SI)(AX*8), Y0, Y0
	VMOVUPD (BX)(AX*8), Y4
	VSUBPD Y3, Y4, Y4
	VMULPD Y4, Y0, Y0
	VADDPD Y0, Y1, Y1
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  covariance
	VMOVUPD Y1, (DI)
	VZEROUPPER
	RET
