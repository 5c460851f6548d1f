//go:build amd64 && !purego

#include "textflag.h"

// Entry t of the masks, for VMASKMOVPD, has the first t of four lanes set.
DATA mask64<>+0(SB)/8, $0
DATA mask64<>+8(SB)/8, $0
DATA mask64<>+16(SB)/8, $0
DATA mask64<>+24(SB)/8, $0
DATA mask64<>+32(SB)/8, $-1
DATA mask64<>+40(SB)/8, $0
DATA mask64<>+48(SB)/8, $0
DATA mask64<>+56(SB)/8, $0
DATA mask64<>+64(SB)/8, $-1
DATA mask64<>+72(SB)/8, $-1
DATA mask64<>+80(SB)/8, $0
DATA mask64<>+88(SB)/8, $0
DATA mask64<>+96(SB)/8, $-1
DATA mask64<>+104(SB)/8, $-1
DATA mask64<>+112(SB)/8, $-1
DATA mask64<>+120(SB)/8, $0
GLOBL mask64<>(SB), RODATA|NOPTR, $128

// Fields of Window.
#define WIN_W 0
#define WIN_U 8
#define WIN_ROW 12
#define WIN_E1 16
#define WIN_E2 20
#define WIN_E3 24
#define WIN_SIZE 32

// One file, since its variants are one loop with different loads.
//
// Registers of the loops over windows: SI the window, CX how many are left, R10
// R11 the strides of x2 and x3 in bytes; of one window: R12 the next line's
// weights, R13 the plane, R14 the line (that of a second field is R8 bytes on), R15
// lines left, DX planes left, AX E1, BX E1 mod 4 scaled, Y4 the mask of as many
// lanes; of one line: DI the entry, R9 entries left after the next chunk of four.
//
// Lines of one to three chunks of four, with or without a tail, have loops of their
// own, without a branch per line. Chunks go in turn to the accumulators Y0-Y3 (Y8-Y11),
// of every second such line from the third on, so that short lines do not wait
// for one another. All variants sum in this order. The weights, a stream longer than
// the processor's own prefetching crosses, are asked for 4096 bytes ahead.
#define AHEAD 4096

// LINES is the loop over planes and lines with the products of an even and an odd
// line.
#define LINES(plane, line, next, sum, size, EVEN, ODD) \
plane: \
	MOVQ R13, R14; MOVLQSX WIN_E2(SI), R15; \
line: \
	PREFETCHT0 AHEAD(R12); PREFETCHT0 AHEAD+64(R12); EVEN; \
	LEAQ (R12)(AX*size), R12; ADDQ R10, R14; DECQ R15; JZ next; \
	PREFETCHT0 AHEAD(R12); PREFETCHT0 AHEAD+64(R12); ODD; \
	LEAQ (R12)(AX*size), R12; ADDQ R10, R14; DECQ R15; JNZ line; \
next: \
	ADDQ R11, R13; DECQ DX; JNZ plane; JMP sum

#define CHUNK(off, uoff, a) VMOVUPD off(R12), Y5; VFMADD231PD uoff(R14), Y5, a
#define TAIL(off, uoff, a) VMASKMOVPD off(R12), Y4, Y5; VMASKMOVPD uoff(R14), Y4, Y6; VFMADD231PD Y6, Y5, a

// func dotWindows(n int, win *Window, dst *float64, u *float64, w *float64, s2 int, s3 int)
TEXT ·dotWindows(SB), NOSPLIT, $0-56
	MOVQ n+0(FP), CX
	MOVQ win+8(FP), SI
	MOVQ s2+40(FP), R10
	MOVQ s3+48(FP), R11
	SHLQ $3, R10
	SHLQ $3, R11
	TESTQ CX, CX
	JZ   dotWindows_done

dotWindows_window:
	MOVQ WIN_W(SI), R12
	MOVQ w+32(FP), R9
	LEAQ (R9)(R12*8), R12
	MOVLQSX WIN_U(SI), R13
	MOVQ u+24(FP), R9
	LEAQ (R9)(R13*8), R13
	MOVLQSX WIN_E1(SI), AX
	MOVLQSX WIN_E3(SI), DX
	MOVQ AX, BX
	ANDQ $3, BX
	SHLQ $5, BX
	LEAQ mask64<>(SB), R9
	VMOVUPD (R9)(BX*1), Y4
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	CMPQ AX, $16
	JGE  dotWindows_long
	MOVQ AX, R9
	SHRQ $2, R9
	TESTQ BX, BX
	JNZ  dotWindows_tails
	CMPQ R9, $2
	JLT  dotWindows_1
	JEQ  dotWindows_2
	JMP  dotWindows_3

dotWindows_tails:
	CMPQ R9, $1
	JLT  dotWindows_0t
	JEQ  dotWindows_1t
	CMPQ R9, $2
	JEQ  dotWindows_2t
	JMP  dotWindows_3t

	LINES(dotWindows_1, dotWindows_1_line, dotWindows_1_plane, dotWindows_sum, 8, CHUNK(0, 0, Y0), CHUNK(0, 0, Y2))

	LINES(dotWindows_2, dotWindows_2_line, dotWindows_2_plane, dotWindows_sum, 8, CHUNK(0, 0, Y0); CHUNK(32, 32, Y1), CHUNK(0, 0, Y2); CHUNK(32, 32, Y3))

	LINES(dotWindows_3, dotWindows_3_line, dotWindows_3_plane, dotWindows_sum, 8, CHUNK(0, 0, Y0); CHUNK(32, 32, Y1); CHUNK(64, 64, Y2), CHUNK(0, 0, Y2); CHUNK(32, 32, Y3); CHUNK(64, 64, Y0))

	LINES(dotWindows_0t, dotWindows_0t_line, dotWindows_0t_plane, dotWindows_sum, 8, TAIL(0, 0, Y0), TAIL(0, 0, Y2))

	LINES(dotWindows_1t, dotWindows_1t_line, dotWindows_1t_plane, dotWindows_sum, 8, CHUNK(0, 0, Y0); TAIL(32, 32, Y1), CHUNK(0, 0, Y2); TAIL(32, 32, Y3))

	LINES(dotWindows_2t, dotWindows_2t_line, dotWindows_2t_plane, dotWindows_sum, 8, CHUNK(0, 0, Y0); CHUNK(32, 32, Y1); TAIL(64, 64, Y2), CHUNK(0, 0, Y2); CHUNK(32, 32, Y3); TAIL(64, 64, Y0))

	LINES(dotWindows_3t, dotWindows_3t_line, dotWindows_3t_plane, dotWindows_sum, 8, CHUNK(0, 0, Y0); CHUNK(32, 32, Y1); CHUNK(64, 64, Y2); TAIL(96, 96, Y3), CHUNK(0, 0, Y2); CHUNK(32, 32, Y3); CHUNK(64, 64, Y0); TAIL(96, 96, Y1))

dotWindows_long:
	MOVQ R13, R14
	MOVLQSX WIN_E2(SI), R15

dotWindows_long_line:
	MOVQ R14, DI
	MOVQ AX, R9
	SUBQ $16, R9

dotWindows_long_chunks:
	PREFETCHT0 AHEAD(R12)
	PREFETCHT0 AHEAD+64(R12)
	CHUNK(0, 0, Y0)
	CHUNK(32, 32, Y1)
	CHUNK(64, 64, Y2)
	CHUNK(96, 96, Y3)
	ADDQ $128, R12
	ADDQ $128, R14
	SUBQ $16, R9
	JGE  dotWindows_long_chunks
	ADDQ $12, R9
	JLT  dotWindows_long_tail
	CHUNK(0, 0, Y0)
	ADDQ $32, R12
	ADDQ $32, R14
	SUBQ $4, R9
	JLT  dotWindows_long_tail
	CHUNK(0, 0, Y1)
	ADDQ $32, R12
	ADDQ $32, R14
	SUBQ $4, R9
	JLT  dotWindows_long_tail
	CHUNK(0, 0, Y2)
	ADDQ $32, R12
	ADDQ $32, R14
	SUBQ $4, R9

dotWindows_long_tail:
	TESTQ BX, BX
	JZ   dotWindows_long_next
	TAIL(0, 0, Y3)
	MOVQ AX, R9
	ANDQ $3, R9
	LEAQ (R12)(R9*8), R12

dotWindows_long_next:
	LEAQ (DI)(R10*1), R14
	DECQ R15
	JNZ  dotWindows_long_line
	ADDQ R11, R13
	DECQ DX
	JNZ  dotWindows_long

dotWindows_sum:
	MOVLQSX WIN_ROW(SI), R13
	VADDPD Y2, Y0, Y0
	VADDPD Y3, Y1, Y1
	VADDPD Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X5
	VADDPD X5, X0, X0
	VHADDPD X0, X0, X0
	MOVQ dst+16(FP), R9
	VADDSD (R9)(R13*8), X0, X0
	VMOVSD X0, (R9)(R13*8)
	ADDQ $WIN_SIZE, SI
	DECQ CX
	JNZ  dotWindows_window

dotWindows_done:
	VZEROUPPER
	RET

#define CHUNK2(off, uoff, a, b) VMOVUPD off(R12), Y5; VFMADD231PD uoff(R14), Y5, a; VFMADD231PD uoff(R14)(R8*1), Y5, b
#define TAIL2(off, uoff, a, b) VMASKMOVPD off(R12), Y4, Y5; VMASKMOVPD uoff(R14), Y4, Y6; VFMADD231PD Y6, Y5, a; VMASKMOVPD uoff(R14)(R8*1), Y4, Y6; VFMADD231PD Y6, Y5, b

// func dotWindowsPair(n int, win *Window, dst0 *float64, dst1 *float64, u0 *float64, u1 *float64, w *float64, s2 int, s3 int)
TEXT ·dotWindowsPair(SB), NOSPLIT, $0-72
	MOVQ n+0(FP), CX
	MOVQ win+8(FP), SI
	MOVQ s2+56(FP), R10
	MOVQ s3+64(FP), R11
	SHLQ $3, R10
	SHLQ $3, R11
	MOVQ u1+40(FP), R8
	SUBQ u0+32(FP), R8
	TESTQ CX, CX
	JZ   dotWindowsPair_done

dotWindowsPair_window:
	MOVQ WIN_W(SI), R12
	MOVQ w+48(FP), R9
	LEAQ (R9)(R12*8), R12
	MOVLQSX WIN_U(SI), R13
	MOVQ u0+32(FP), R9
	LEAQ (R9)(R13*8), R13
	MOVLQSX WIN_E1(SI), AX
	MOVLQSX WIN_E3(SI), DX
	MOVQ AX, BX
	ANDQ $3, BX
	SHLQ $5, BX
	LEAQ mask64<>(SB), R9
	VMOVUPD (R9)(BX*1), Y4
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	VXORPD Y8, Y8, Y8
	VXORPD Y9, Y9, Y9
	VXORPD Y10, Y10, Y10
	VXORPD Y11, Y11, Y11
	CMPQ AX, $16
	JGE  dotWindowsPair_long
	MOVQ AX, R9
	SHRQ $2, R9
	TESTQ BX, BX
	JNZ  dotWindowsPair_tails
	CMPQ R9, $2
	JLT  dotWindowsPair_1
	JEQ  dotWindowsPair_2
	JMP  dotWindowsPair_3

dotWindowsPair_tails:
	CMPQ R9, $1
	JLT  dotWindowsPair_0t
	JEQ  dotWindowsPair_1t
	CMPQ R9, $2
	JEQ  dotWindowsPair_2t
	JMP  dotWindowsPair_3t

	LINES(dotWindowsPair_1, dotWindowsPair_1_line, dotWindowsPair_1_plane, dotWindowsPair_sum, 8, CHUNK2(0, 0, Y0, Y8), CHUNK2(0, 0, Y2, Y10))

	LINES(dotWindowsPair_2, dotWindowsPair_2_line, dotWindowsPair_2_plane, dotWindowsPair_sum, 8, CHUNK2(0, 0, Y0, Y8); CHUNK2(32, 32, Y1, Y9), CHUNK2(0, 0, Y2, Y10); CHUNK2(32, 32, Y3, Y11))

	LINES(dotWindowsPair_3, dotWindowsPair_3_line, dotWindowsPair_3_plane, dotWindowsPair_sum, 8, CHUNK2(0, 0, Y0, Y8); CHUNK2(32, 32, Y1, Y9); CHUNK2(64, 64, Y2, Y10), CHUNK2(0, 0, Y2, Y10); CHUNK2(32, 32, Y3, Y11); CHUNK2(64, 64, Y0, Y8))

	LINES(dotWindowsPair_0t, dotWindowsPair_0t_line, dotWindowsPair_0t_plane, dotWindowsPair_sum, 8, TAIL2(0, 0, Y0, Y8), TAIL2(0, 0, Y2, Y10))

	LINES(dotWindowsPair_1t, dotWindowsPair_1t_line, dotWindowsPair_1t_plane, dotWindowsPair_sum, 8, CHUNK2(0, 0, Y0, Y8); TAIL2(32, 32, Y1, Y9), CHUNK2(0, 0, Y2, Y10); TAIL2(32, 32, Y3, Y11))

	LINES(dotWindowsPair_2t, dotWindowsPair_2t_line, dotWindowsPair_2t_plane, dotWindowsPair_sum, 8, CHUNK2(0, 0, Y0, Y8); CHUNK2(32, 32, Y1, Y9); TAIL2(64, 64, Y2, Y10), CHUNK2(0, 0, Y2, Y10); CHUNK2(32, 32, Y3, Y11); TAIL2(64, 64, Y0, Y8))

	LINES(dotWindowsPair_3t, dotWindowsPair_3t_line, dotWindowsPair_3t_plane, dotWindowsPair_sum, 8, CHUNK2(0, 0, Y0, Y8); CHUNK2(32, 32, Y1, Y9); CHUNK2(64, 64, Y2, Y10); TAIL2(96, 96, Y3, Y11), CHUNK2(0, 0, Y2, Y10); CHUNK2(32, 32, Y3, Y11); CHUNK2(64, 64, Y0, Y8); TAIL2(96, 96, Y1, Y9))

dotWindowsPair_long:
	MOVQ R13, R14
	MOVLQSX WIN_E2(SI), R15

dotWindowsPair_long_line:
	MOVQ R14, DI
	MOVQ AX, R9
	SUBQ $16, R9

dotWindowsPair_long_chunks:
	PREFETCHT0 AHEAD(R12)
	PREFETCHT0 AHEAD+64(R12)
	CHUNK2(0, 0, Y0, Y8)
	CHUNK2(32, 32, Y1, Y9)
	CHUNK2(64, 64, Y2, Y10)
	CHUNK2(96, 96, Y3, Y11)
	ADDQ $128, R12
	ADDQ $128, R14
	SUBQ $16, R9
	JGE  dotWindowsPair_long_chunks
	ADDQ $12, R9
	JLT  dotWindowsPair_long_tail
	CHUNK2(0, 0, Y0, Y8)
	ADDQ $32, R12
	ADDQ $32, R14
	SUBQ $4, R9
	JLT  dotWindowsPair_long_tail
	CHUNK2(0, 0, Y1, Y9)
	ADDQ $32, R12
	ADDQ $32, R14
	SUBQ $4, R9
	JLT  dotWindowsPair_long_tail
	CHUNK2(0, 0, Y2, Y10)
	ADDQ $32, R12
	ADDQ $32, R14
	SUBQ $4, R9

dotWindowsPair_long_tail:
	TESTQ BX, BX
	JZ   dotWindowsPair_long_next
	TAIL2(0, 0, Y3, Y11)
	MOVQ AX, R9
	ANDQ $3, R9
	LEAQ (R12)(R9*8), R12

dotWindowsPair_long_next:
	LEAQ (DI)(R10*1), R14
	DECQ R15
	JNZ  dotWindowsPair_long_line
	ADDQ R11, R13
	DECQ DX
	JNZ  dotWindowsPair_long

dotWindowsPair_sum:
	MOVLQSX WIN_ROW(SI), R13
	VADDPD Y2, Y0, Y0
	VADDPD Y3, Y1, Y1
	VADDPD Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X5
	VADDPD X5, X0, X0
	VHADDPD X0, X0, X0
	MOVQ dst0+16(FP), R9
	VADDSD (R9)(R13*8), X0, X0
	VMOVSD X0, (R9)(R13*8)
	VADDPD Y10, Y8, Y8
	VADDPD Y11, Y9, Y9
	VADDPD Y9, Y8, Y8
	VEXTRACTF128 $1, Y8, X5
	VADDPD X5, X8, X8
	VHADDPD X8, X8, X8
	MOVQ dst1+24(FP), R9
	VADDSD (R9)(R13*8), X8, X8
	VMOVSD X8, (R9)(R13*8)
	ADDQ $WIN_SIZE, SI
	DECQ CX
	JNZ  dotWindowsPair_window

dotWindowsPair_done:
	VZEROUPPER
	RET

// func addWindows(n int, win *Window, dst *float64, p *float64, w *float64, s2 int, s3 int)
TEXT ·addWindows(SB), NOSPLIT, $0-56
	MOVQ n+0(FP), CX
	MOVQ win+8(FP), SI
	MOVQ s2+40(FP), R10
	MOVQ s3+48(FP), R11
	SHLQ $3, R10
	SHLQ $3, R11
	TESTQ CX, CX
	JZ   addWindows_done

addWindows_window:
	MOVLQSX WIN_ROW(SI), R13
	MOVQ p+24(FP), R9
	VBROADCASTSD (R9)(R13*8), Y0
	MOVQ WIN_W(SI), R12
	MOVQ w+32(FP), R9
	LEAQ (R9)(R12*8), R12
	MOVLQSX WIN_U(SI), R13
	MOVQ dst+16(FP), R9
	LEAQ (R9)(R13*8), R13
	MOVLQSX WIN_E1(SI), AX
	MOVLQSX WIN_E3(SI), DX
	MOVQ AX, BX
	ANDQ $3, BX
	SHLQ $5, BX
	LEAQ mask64<>(SB), R9
	VMOVUPD (R9)(BX*1), Y4

addWindows_plane:
	MOVQ R13, R14
	MOVLQSX WIN_E2(SI), R15

addWindows_line:
	PREFETCHT0 AHEAD(R12)
	PREFETCHT0 AHEAD+64(R12)
	XORQ DI, DI
	MOVQ AX, R9
	SUBQ $4, R9
	JLT  addWindows_tail

addWindows_chunk:
	VMOVUPD (R14)(DI*8), Y5
	VFMADD231PD (R12)(DI*8), Y0, Y5
	VMOVUPD Y5, (R14)(DI*8)
	ADDQ $4, DI
	SUBQ $4, R9
	JGE  addWindows_chunk

addWindows_tail:
	TESTQ BX, BX
	JZ   addWindows_next
	VMASKMOVPD (R12)(DI*8), Y4, Y6
	VMASKMOVPD (R14)(DI*8), Y4, Y5
	VFMADD231PD Y6, Y0, Y5
	VMASKMOVPD Y5, Y4, (R14)(DI*8)

addWindows_next:
	LEAQ (R12)(AX*8), R12
	ADDQ R10, R14
	DECQ R15
	JNZ  addWindows_line
	ADDQ R11, R13
	DECQ DX
	JNZ  addWindows_plane
	ADDQ $WIN_SIZE, SI
	DECQ CX
	JNZ  addWindows_window

addWindows_done:
	VZEROUPPER
	RET

// Registers: SI u at the first column of the block, DI the weights of x1 from there,
// R8 those of x2, R9 those of x3, R10 R11 the strides in bytes, AX columns left;
// R12 the plane, R13 the line, BX the entry of x2, DX that of x3, R14 its end, R15
// that of x2's. Y0-Y3 sum a block of columns over planes, Y4-Y7 over the lines of
// one plane, Y8 the whole.

// func dotTensor(u *float64, s2 int, s3 int, w1 *float64, e1 int, w2 *float64, e2 int, w3 *float64, e3 int) float64
TEXT ·dotTensor(SB), NOSPLIT, $0-80
	MOVQ u+0(FP), SI
	MOVQ s2+8(FP), R10
	MOVQ s3+16(FP), R11
	MOVQ w1+24(FP), DI
	MOVQ e1+32(FP), AX
	MOVQ w2+40(FP), R8
	MOVQ e2+48(FP), R15
	MOVQ w3+56(FP), R9
	MOVQ e3+64(FP), R14
	SHLQ $3, R10
	SHLQ $3, R11
	VXORPD Y8, Y8, Y8
	MOVQ AX, BX
	ANDQ $3, BX
	SHLQ $5, BX
	LEAQ mask64<>(SB), R12
	VMOVUPD (R12)(BX*1), Y15

dotTensor_wide:
	CMPQ AX, $16
	JLT  dotTensor_pair
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	MOVQ SI, R12
	XORQ DX, DX

dotTensor_wideplane:
	VXORPD Y4, Y4, Y4
	VXORPD Y5, Y5, Y5
	VXORPD Y6, Y6, Y6
	VXORPD Y7, Y7, Y7
	MOVQ R12, R13
	XORQ BX, BX

dotTensor_wideline:
	VBROADCASTSD (R8)(BX*8), Y9
	VFMADD231PD 0(R13), Y9, Y4
	VFMADD231PD 32(R13), Y9, Y5
	VFMADD231PD 64(R13), Y9, Y6
	VFMADD231PD 96(R13), Y9, Y7
	ADDQ R10, R13
	INCQ BX
	CMPQ BX, R15
	JLT  dotTensor_wideline
	VBROADCASTSD (R9)(DX*8), Y9
	VFMADD231PD Y4, Y9, Y0
	VFMADD231PD Y5, Y9, Y1
	VFMADD231PD Y6, Y9, Y2
	VFMADD231PD Y7, Y9, Y3
	ADDQ R11, R12
	INCQ DX
	CMPQ DX, R14
	JLT  dotTensor_wideplane
	VFMADD231PD 0(DI), Y0, Y8
	VFMADD231PD 32(DI), Y1, Y8
	VFMADD231PD 64(DI), Y2, Y8
	VFMADD231PD 96(DI), Y3, Y8
	ADDQ $128, SI
	ADDQ $128, DI
	SUBQ $16, AX
	JMP  dotTensor_wide

dotTensor_pair:
	CMPQ AX, $8
	JLT  dotTensor_quad
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	MOVQ SI, R12
	XORQ DX, DX

dotTensor_pairplane:
	VXORPD Y4, Y4, Y4
	VXORPD Y5, Y5, Y5
	MOVQ R12, R13
	XORQ BX, BX

dotTensor_pairline:
	VBROADCASTSD (R8)(BX*8), Y9
	VFMADD231PD 0(R13), Y9, Y4
	VFMADD231PD 32(R13), Y9, Y5
	ADDQ R10, R13
	INCQ BX
	CMPQ BX, R15
	JLT  dotTensor_pairline
	VBROADCASTSD (R9)(DX*8), Y9
	VFMADD231PD Y4, Y9, Y0
	VFMADD231PD Y5, Y9, Y1
	ADDQ R11, R12
	INCQ DX
	CMPQ DX, R14
	JLT  dotTensor_pairplane
	VFMADD231PD 0(DI), Y0, Y8
	VFMADD231PD 32(DI), Y1, Y8
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $8, AX

dotTensor_quad:
	CMPQ AX, $4
	JLT  dotTensor_tail
	VXORPD Y0, Y0, Y0
	MOVQ SI, R12
	XORQ DX, DX

dotTensor_quadplane:
	VXORPD Y4, Y4, Y4
	MOVQ R12, R13
	XORQ BX, BX

dotTensor_quadline:
	VBROADCASTSD (R8)(BX*8), Y9
	VFMADD231PD 0(R13), Y9, Y4
	ADDQ R10, R13
	INCQ BX
	CMPQ BX, R15
	JLT  dotTensor_quadline
	VBROADCASTSD (R9)(DX*8), Y9
	VFMADD231PD Y4, Y9, Y0
	ADDQ R11, R12
	INCQ DX
	CMPQ DX, R14
	JLT  dotTensor_quadplane
	VFMADD231PD 0(DI), Y0, Y8
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $4, AX

dotTensor_tail:
	CMPQ AX, $1
	JLT  dotTensor_sum
	VXORPD Y0, Y0, Y0
	MOVQ SI, R12
	XORQ DX, DX

dotTensor_tailplane:
	VXORPD Y4, Y4, Y4
	MOVQ R12, R13
	XORQ BX, BX

dotTensor_tailline:
	VBROADCASTSD (R8)(BX*8), Y9
	VMASKMOVPD (R13), Y15, Y10
	VFMADD231PD Y10, Y9, Y4
	ADDQ R10, R13
	INCQ BX
	CMPQ BX, R15
	JLT  dotTensor_tailline
	VBROADCASTSD (R9)(DX*8), Y9
	VFMADD231PD Y4, Y9, Y0
	ADDQ R11, R12
	INCQ DX
	CMPQ DX, R14
	JLT  dotTensor_tailplane
	VMASKMOVPD (DI), Y15, Y10
	VFMADD231PD Y10, Y0, Y8

dotTensor_sum:
	VEXTRACTF128 $1, Y8, X9
	VADDPD X9, X8, X8
	VHADDPD X8, X8, X8
	VMOVSD X8, ret+72(FP)
	VZEROUPPER
	RET
