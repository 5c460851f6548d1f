//go:build amd64 && !purego

#include "textflag.h"

// Every operation below is one of plain Go's, in its order: nothing is fused, so that the
// results are the same bits.

#define CONSTANT(name, bits) \
	DATA name<>+0(SB)/8, bits; \
	DATA name<>+8(SB)/8, bits; \
	DATA name<>+16(SB)/8, bits; \
	DATA name<>+24(SB)/8, bits; \
	GLOBL name<>(SB), RODATA|NOPTR, $32

CONSTANT(magnitude, $0x7FFFFFFFFFFFFFFF)
CONSTANT(sign, $0x8000000000000000)
CONSTANT(bias, $0x3FF0000000000000)   // 1023 << 52
CONSTANT(ordinary, $0x4086200000000000) // 708
CONSTANT(log2E, $0x3FF71547652B82FE)
CONSTANT(round52, $0x4338000000000000)  // 3 2^51
CONSTANT(ln2High, $0x3FE62E42FEE00000)
CONSTANT(ln2Low, $0x3DEA39EF35793C76)
CONSTANT(ln2, $0x3FE62E42FEFA39EF)
CONSTANT(limit, $0x3FDA827999FCEF34)    // sqrt(2) - 1
CONSTANT(one, $0x3FF0000000000000)
CONSTANT(two, $0x4000000000000000)
CONSTANT(half, $0x3FE0000000000000)     // 1/2!
CONSTANT(over3, $0x3FC5555555555555)    // 1/3!
CONSTANT(over4, $0x3FA5555555555555)
CONSTANT(over5, $0x3F81111111111111)
CONSTANT(over6, $0x3F56C16C16C16C17)
CONSTANT(over7, $0x3F2A01A01A01A01A)
CONSTANT(over8, $0x3EFA01A01A01A01A)
CONSTANT(over9, $0x3EC71DE3A556C734)
CONSTANT(over10, $0x3E927E4FB7789F5C)
CONSTANT(over11, $0x3E5AE64567F544E4)
CONSTANT(over12, $0x3E21EED8EFF8D898)
CONSTANT(over13, $0x3DE6124613A86D09)
CONSTANT(lp1, $0x3FE5555555555593)
CONSTANT(lp2, $0x3FD999999997FA04)
CONSTANT(lp3, $0x3FD2492494229359)
CONSTANT(lp4, $0x3FCC71C51D8E78AF)
CONSTANT(lp5, $0x3FC7466496CB03DE)
CONSTANT(lp6, $0x3FC39A09D078C69F)
CONSTANT(lp7, $0x3FC2F112DF3E5244)

// LEAVE jumps to label if one of the four entries in Y0 is not between -708 and 708.
#define LEAVE(label) \
	VANDPD magnitude<>(SB), Y0, Y1; \
	VCMPPD $0x16, ordinary<>(SB), Y1, Y2; \
	VMOVMSKPD Y2, R8; \
	TESTL R8, R8; \
	JNZ  label

// EXPNEGATIVE stores exp(-|Y0|) in Y1 and changes Y2..Y8.
#define EXPNEGATIVE \
	VORPD sign<>(SB), Y0, Y1; \
	VMULPD log2E<>(SB), Y1, Y2; \
	VADDPD round52<>(SB), Y2, Y2; \
	VSUBPD round52<>(SB), Y2, Y3; \
	VMULPD ln2High<>(SB), Y3, Y4; \
	VSUBPD Y4, Y1, Y1; \
	VMULPD ln2Low<>(SB), Y3, Y4; \
	VSUBPD Y4, Y1, Y1; \
	VMULPD Y1, Y1, Y3; \
	VMULPD Y3, Y3, Y4; \
	VADDPD one<>(SB), Y1, Y5; \
	VMULPD over3<>(SB), Y1, Y6; \
	VADDPD half<>(SB), Y6, Y6; \
	VMULPD Y3, Y6, Y6; \
	VADDPD Y6, Y5, Y5; \
	VMULPD over5<>(SB), Y1, Y6; \
	VADDPD over4<>(SB), Y6, Y6; \
	VMULPD over7<>(SB), Y1, Y7; \
	VADDPD over6<>(SB), Y7, Y7; \
	VMULPD Y3, Y7, Y7; \
	VADDPD Y7, Y6, Y6; \
	VMULPD over9<>(SB), Y1, Y7; \
	VADDPD over8<>(SB), Y7, Y7; \
	VMULPD over11<>(SB), Y1, Y8; \
	VADDPD over10<>(SB), Y8, Y8; \
	VMULPD Y3, Y8, Y8; \
	VADDPD Y8, Y7, Y7; \
	VMULPD over13<>(SB), Y1, Y8; \
	VADDPD over12<>(SB), Y8, Y8; \
	VMULPD Y4, Y8, Y8; \
	VADDPD Y8, Y7, Y7; \
	VMULPD Y4, Y7, Y7; \
	VADDPD Y7, Y6, Y6; \
	VMULPD Y4, Y6, Y6; \
	VADDPD Y6, Y5, Y5; \
	VPSLLQ $52, Y2, Y2; \
	VPADDQ bias<>(SB), Y2, Y2; \
	VMULPD Y2, Y5, Y1

// LOGONEPLUS stores log(1 + Y1) in Y6, for 0 <= Y1 <= 1, and changes Y7..Y12.
#define LOGONEPLUS \
	VPCMPGTQ limit<>(SB), Y1, Y12; \
	VSUBPD one<>(SB), Y1, Y6; \
	VMULPD half<>(SB), Y6, Y6; \
	VBLENDVPD Y12, Y6, Y1, Y6; \
	VADDPD two<>(SB), Y6, Y7; \
	VDIVPD Y7, Y6, Y7; \
	VMULPD Y7, Y7, Y8; \
	VMULPD Y8, Y8, Y9; \
	VMULPD lp7<>(SB), Y9, Y10; \
	VADDPD lp5<>(SB), Y10, Y10; \
	VMULPD Y9, Y10, Y10; \
	VADDPD lp3<>(SB), Y10, Y10; \
	VMULPD Y9, Y10, Y10; \
	VADDPD lp1<>(SB), Y10, Y10; \
	VMULPD Y8, Y10, Y10; \
	VMULPD lp6<>(SB), Y9, Y11; \
	VADDPD lp4<>(SB), Y11, Y11; \
	VMULPD Y9, Y11, Y11; \
	VADDPD lp2<>(SB), Y11, Y11; \
	VMULPD Y9, Y11, Y11; \
	VADDPD Y11, Y10, Y10; \
	VMULPD Y6, Y6, Y8; \
	VMULPD half<>(SB), Y8, Y8; \
	VADDPD Y10, Y8, Y10; \
	VMULPD Y7, Y10, Y10; \
	VSUBPD Y10, Y8, Y8; \
	VSUBPD Y8, Y6, Y6; \
	VANDPD ln2<>(SB), Y12, Y12; \
	VADDPD Y12, Y6, Y6

// func softplusAVX2(n int, v *float64, d *float64, dd *float64, u *float64) (done int)
TEXT ·softplusAVX2(SB), NOSPLIT, $0-48
	MOVQ n+0(FP), CX
	MOVQ v+8(FP), DI
	MOVQ d+16(FP), SI
	MOVQ dd+24(FP), DX
	MOVQ u+32(FP), BX
	XORQ AX, AX
	VXORPD Y15, Y15, Y15

softplusfour:
	VMOVUPD (BX)(AX*8), Y0
	LEAVE(softplusleave)
	EXPNEGATIVE
	VADDPD one<>(SB), Y1, Y2
	VMOVUPD one<>(SB), Y3
	VDIVPD Y2, Y3, Y2              // p = 1/(1 + q)
	VMULPD Y2, Y1, Y3              // q p
	VBLENDVPD Y0, Y3, Y2, Y4
	VMOVUPD Y4, (SI)(AX*8)
	VMULPD Y2, Y3, Y3
	VMOVUPD Y3, (DX)(AX*8)
	TESTQ DI, DI
	JZ   softplusnext
	LOGONEPLUS
	VBLENDVPD Y0, Y15, Y0, Y7      // max(u, 0)
	VADDPD Y6, Y7, Y6
	VMOVUPD Y6, (DI)(AX*8)

softplusnext:
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  softplusfour

softplusleave:
	MOVQ AX, done+40(FP)
	VZEROUPPER
	RET

// func logisticAVX2(n int, v *float64, d *float64, dd *float64, u *float64) (done int)
TEXT ·logisticAVX2(SB), NOSPLIT, $0-48
	MOVQ n+0(FP), CX
	MOVQ v+8(FP), DI
	MOVQ d+16(FP), SI
	MOVQ dd+24(FP), DX
	MOVQ u+32(FP), BX
	XORQ AX, AX

logisticfour:
	VMOVUPD (BX)(AX*8), Y0
	LEAVE(logisticleave)
	EXPNEGATIVE
	VMOVUPD one<>(SB), Y3
	VADDPD Y3, Y1, Y2
	VDIVPD Y2, Y3, Y2              // p = 1/(1 + q)
	VMULPD Y2, Y1, Y4              // q p
	TESTQ DI, DI
	JZ   logisticderivatives
	VBLENDVPD Y0, Y4, Y2, Y5
	VMOVUPD Y5, (DI)(AX*8)

logisticderivatives:
	VMULPD Y2, Y4, Y4              // the first derivative
	VMOVUPD Y4, (SI)(AX*8)
	VSUBPD Y1, Y3, Y3
	VMULPD Y3, Y4, Y4
	VMULPD Y2, Y4, Y4
	VXORPD sign<>(SB), Y4, Y5
	VBLENDVPD Y0, Y4, Y5, Y5
	VMOVUPD Y5, (DX)(AX*8)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  logisticfour

logisticleave:
	MOVQ AX, done+40(FP)
	VZEROUPPER
	RET
