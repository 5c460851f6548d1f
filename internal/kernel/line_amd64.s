//go:build amd64 && !purego

#include "textflag.h"

// Register use in sweep: DI the row of u, R11 its stride in bytes, SI the
// coefficients of the row, R10 their pitch in bytes, R13 the count of the row,
// BX the first of the rows it is made from, R12 whether it is scaled, DX the
// offset of the lane in bytes, CX the lanes that are left; AX, R9 and R8 run over
// the coefficients, the rows and their number. Y0.. the sums, Y15 the mask.

// func sweep(rows int, counts *int, a *float64, lanes, pitch int, u *float64, ld, scale int, mask *[4]int64)
TEXT ·sweep(SB), NOSPLIT, $0-72
	MOVQ a+16(FP), SI
	MOVQ pitch+32(FP), R10
	MOVQ u+40(FP), DI
	MOVQ ld+48(FP), R11
	MOVQ scale+56(FP), R12
	MOVQ mask+64(FP), AX
	VMOVUPD (AX), Y15
	SHLQ $3, R10
	SHLQ $3, R11

sweeprow:
	MOVQ counts+8(FP), AX
	MOVQ (AX), R13
	ADDQ $8, AX
	MOVQ AX, counts+8(FP)
	MOVQ R13, AX
	IMULQ R11, AX
	MOVQ DI, BX
	SUBQ AX, BX
	XORQ DX, DX
	MOVQ lanes+24(FP), CX
	SUBQ $16, CX
	JLT  sweep4

sweep16:
	VMOVUPD (DI)(DX*1), Y0
	VMOVUPD 32(DI)(DX*1), Y1
	VMOVUPD 64(DI)(DX*1), Y2
	VMOVUPD 96(DI)(DX*1), Y3
	LEAQ (SI)(DX*1), AX
	LEAQ (BX)(DX*1), R9
	MOVQ R13, R8
	TESTQ R12, R12
	JZ   sweep16count
	VMULPD (AX), Y0, Y0
	VMULPD 32(AX), Y1, Y1
	VMULPD 64(AX), Y2, Y2
	VMULPD 96(AX), Y3, Y3
	ADDQ R10, AX

sweep16count:
	TESTQ R8, R8
	JZ   sweep16store

sweep16loop:
	VMOVUPD (AX), Y4
	VMOVUPD 32(AX), Y5
	VMOVUPD 64(AX), Y6
	VMOVUPD 96(AX), Y7
	VFNMADD231PD (R9), Y4, Y0
	VFNMADD231PD 32(R9), Y5, Y1
	VFNMADD231PD 64(R9), Y6, Y2
	VFNMADD231PD 96(R9), Y7, Y3
	ADDQ R10, AX
	ADDQ R11, R9
	DECQ R8
	JNZ  sweep16loop

sweep16store:
	VMOVUPD Y0, (DI)(DX*1)
	VMOVUPD Y1, 32(DI)(DX*1)
	VMOVUPD Y2, 64(DI)(DX*1)
	VMOVUPD Y3, 96(DI)(DX*1)
	ADDQ $128, DX
	SUBQ $16, CX
	JGE  sweep16

sweep4:
	ADDQ $12, CX
	JLT  sweeptail

sweep4lanes:
	VMOVUPD (DI)(DX*1), Y0
	LEAQ (SI)(DX*1), AX
	LEAQ (BX)(DX*1), R9
	MOVQ R13, R8
	TESTQ R12, R12
	JZ   sweep4count
	VMULPD (AX), Y0, Y0
	ADDQ R10, AX

sweep4count:
	TESTQ R8, R8
	JZ   sweep4store

sweep4loop:
	VMOVUPD (AX), Y4
	VFNMADD231PD (R9), Y4, Y0
	ADDQ R10, AX
	ADDQ R11, R9
	DECQ R8
	JNZ  sweep4loop

sweep4store:
	VMOVUPD Y0, (DI)(DX*1)
	ADDQ $32, DX
	SUBQ $4, CX
	JGE  sweep4lanes

sweeptail:
	ADDQ $4, CX
	JZ   sweepnext
	VMASKMOVPD (DI)(DX*1), Y15, Y0
	LEAQ (SI)(DX*1), AX
	LEAQ (BX)(DX*1), R9
	MOVQ R13, R8
	TESTQ R12, R12
	JZ   sweeptailcount
	VMULPD (AX), Y0, Y0
	ADDQ R10, AX

sweeptailcount:
	TESTQ R8, R8
	JZ   sweeptailstore

sweeptailloop:
	VMOVUPD (AX), Y4
	VMASKMOVPD (R9), Y15, Y5
	VFNMADD231PD Y5, Y4, Y0
	ADDQ R10, AX
	ADDQ R11, R9
	DECQ R8
	JNZ  sweeptailloop

sweeptailstore:
	VMASKMOVPD Y0, Y15, (DI)(DX*1)

sweepnext:
	MOVQ R13, AX
	ADDQ R12, AX
	IMULQ R10, AX
	ADDQ AX, SI
	ADDQ R11, DI
	DECQ rows+0(FP)
	JNZ  sweeprow
	VZEROUPPER
	RET

// func subMul4(n int, dst, a, x *float64)
TEXT ·subMul4(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	MOVQ a+16(FP), SI
	MOVQ x+24(FP), DX
	XORQ AX, AX

submul4loop:
	VMOVUPD (DI)(AX*8), Y0
	VMOVUPD (SI)(AX*8), Y1
	VFNMADD231PD (DX)(AX*8), Y1, Y0
	VMOVUPD Y0, (DI)(AX*8)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT  submul4loop
	VZEROUPPER
	RET

// func subMul512(n int, dst, a, x *float64)
TEXT ·subMul512(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), R8
	MOVQ dst+8(FP), DI
	MOVQ a+16(FP), SI
	MOVQ x+24(FP), DX
	XORQ AX, AX
	MOVQ R8, BX
	ANDQ $-32, BX
	JZ   submul512eight

submul512loop:
	VMOVUPD (DI)(AX*8), Z0
	VMOVUPD 64(DI)(AX*8), Z1
	VMOVUPD 128(DI)(AX*8), Z2
	VMOVUPD 192(DI)(AX*8), Z3
	VMOVUPD (SI)(AX*8), Z4
	VMOVUPD 64(SI)(AX*8), Z5
	VMOVUPD 128(SI)(AX*8), Z6
	VMOVUPD 192(SI)(AX*8), Z7
	VFNMADD231PD (DX)(AX*8), Z4, Z0
	VFNMADD231PD 64(DX)(AX*8), Z5, Z1
	VFNMADD231PD 128(DX)(AX*8), Z6, Z2
	VFNMADD231PD 192(DX)(AX*8), Z7, Z3
	VMOVUPD Z0, (DI)(AX*8)
	VMOVUPD Z1, 64(DI)(AX*8)
	VMOVUPD Z2, 128(DI)(AX*8)
	VMOVUPD Z3, 192(DI)(AX*8)
	ADDQ $32, AX
	CMPQ AX, BX
	JLT  submul512loop

submul512eight:
	MOVQ R8, BX
	ANDQ $-8, BX
	CMPQ AX, BX
	JGE  submul512four
	VMOVUPD (DI)(AX*8), Z0
	VMOVUPD (SI)(AX*8), Z4
	VFNMADD231PD (DX)(AX*8), Z4, Z0
	VMOVUPD Z0, (DI)(AX*8)
	ADDQ $8, AX
	JMP  submul512eight

submul512four:
	CMPQ AX, R8
	JGE  submul512done
	VMOVUPD (DI)(AX*8), Y0
	VMOVUPD (SI)(AX*8), Y1
	VFNMADD231PD (DX)(AX*8), Y1, Y0
	VMOVUPD Y0, (DI)(AX*8)

submul512done:
	VZEROUPPER
	RET

// func transpose4(n int, src *float64, lds int, dst *float64, ldd int)
TEXT ·transpose4(SB), NOSPLIT, $0-40
	MOVQ n+0(FP), CX
	MOVQ src+8(FP), SI
	MOVQ lds+16(FP), R8
	MOVQ dst+24(FP), DI
	MOVQ ldd+32(FP), R9
	SHLQ $3, R8
	SHLQ $3, R9
	LEAQ (SI)(R8*1), R10
	LEAQ (SI)(R8*2), R11
	LEAQ (R10)(R8*2), R12
	LEAQ (R9)(R9*2), R13

transpose4loop:
	VMOVUPD (SI), Y0
	VMOVUPD (R10), Y1
	VMOVUPD (R11), Y2
	VMOVUPD (R12), Y3
	VUNPCKLPD Y1, Y0, Y4          // 00 10 02 12
	VUNPCKHPD Y1, Y0, Y5          // 01 11 03 13
	VUNPCKLPD Y3, Y2, Y6          // 20 30 22 32
	VUNPCKHPD Y3, Y2, Y7          // 21 31 23 33
	VPERM2F128 $0x20, Y6, Y4, Y0  // 00 10 20 30
	VPERM2F128 $0x20, Y7, Y5, Y1
	VPERM2F128 $0x31, Y6, Y4, Y2
	VPERM2F128 $0x31, Y7, Y5, Y3
	VMOVUPD Y0, (DI)
	VMOVUPD Y1, (DI)(R9*1)
	VMOVUPD Y2, (DI)(R9*2)
	VMOVUPD Y3, (DI)(R13*1)
	ADDQ $32, SI
	ADDQ $32, R10
	ADDQ $32, R11
	ADDQ $32, R12
	LEAQ (DI)(R9*4), DI
	SUBQ $4, CX
	JNZ  transpose4loop
	VZEROUPPER
	RET
