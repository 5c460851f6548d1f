//go:build amd64 && !purego

#include "textflag.h"

// func maxAbsAVX2(n int, v *float64) uint64
// n must be a positive multiple of 8. Sizes are compared as signed integers, which they are
// once the sign is gone: NaN is the largest.
TEXT ·maxAbsAVX2(SB), NOSPLIT, $0-24
	MOVQ     n+0(FP), CX
	MOVQ     v+8(FP), SI
	VPCMPEQD Y7, Y7, Y7
	VPSRLQ   $1, Y7, Y7
	VPXOR    Y0, Y0, Y0
	VPXOR    Y1, Y1, Y1
	XORQ     AX, AX

eight:
	VPAND     (SI)(AX*8), Y7, Y2
	VPAND     32(SI)(AX*8), Y7, Y3
	VPCMPGTQ  Y0, Y2, Y4
	VPCMPGTQ  Y1, Y3, Y5
	VPBLENDVB Y4, Y2, Y0, Y0
	VPBLENDVB Y5, Y3, Y1, Y1
	ADDQ      $8, AX
	CMPQ      AX, CX
	JLT       eight

	VPCMPGTQ     Y0, Y1, Y4
	VPBLENDVB    Y4, Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPCMPGTQ     X0, X1, X4
	VPBLENDVB    X4, X1, X0, X0
	VPSRLDQ      $8, X0, X1
	VPCMPGTQ     X0, X1, X4
	VPBLENDVB    X4, X1, X0, X0
	VMOVQ        X0, AX
	VZEROUPPER
	MOVQ         AX, ret+16(FP)
	RET
