//go:build amd64 && !purego

#include "textflag.h"

// Entry t of the masks, for VMASKMOVPD and VMASKMOVPS, has the first t of four
// lanes set.
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

DATA mask32<>+0(SB)/4, $0
DATA mask32<>+4(SB)/4, $0
DATA mask32<>+8(SB)/4, $0
DATA mask32<>+12(SB)/4, $0
DATA mask32<>+16(SB)/4, $-1
DATA mask32<>+20(SB)/4, $0
DATA mask32<>+24(SB)/4, $0
DATA mask32<>+28(SB)/4, $0
DATA mask32<>+32(SB)/4, $-1
DATA mask32<>+36(SB)/4, $-1
DATA mask32<>+40(SB)/4, $0
DATA mask32<>+44(SB)/4, $0
DATA mask32<>+48(SB)/4, $-1
DATA mask32<>+52(SB)/4, $-1
DATA mask32<>+56(SB)/4, $-1
DATA mask32<>+60(SB)/4, $0
GLOBL mask32<>(SB), RODATA|NOPTR, $64

// Fields of Window.
#define WIN_W 0
#define WIN_U 8
#define WIN_ROW 12
#define WIN_E1 16
#define WIN_E2 20
#define WIN_E3 24
#define WIN_SIZE 32

// Registers of the loops over windows: SI the window, CX how many are left, R10
// R11 the strides of x2 and x3 in bytes; of one window: R12 the next line's
// weights, R13 the plane, R14 the line (R8 that of a second field), R15 lines left,
// DX planes left, AX E1, BX E1 mod 4 scaled; of one line: DI the entry, R9 entries
// left after the next chunk of four. Chunks go in turn to four accumulators, in
// every second line from the third on, so that short lines do not wait for one
// another. All variants sum in this order.

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

dotWindows_plane:
	MOVQ R13, R14
	MOVLQSX WIN_E2(SI), R15

dotWindows_even:
	XORQ DI, DI
	MOVQ AX, R9
	SUBQ $16, R9
	JLT  dotWindows_even_short

dotWindows_even_long:
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y0
	VMOVUPD 32(R12)(DI*8), Y5
	VFMADD231PD 32(R14)(DI*8), Y5, Y1
	VMOVUPD 64(R12)(DI*8), Y5
	VFMADD231PD 64(R14)(DI*8), Y5, Y2
	VMOVUPD 96(R12)(DI*8), Y5
	VFMADD231PD 96(R14)(DI*8), Y5, Y3
	ADDQ $16, DI
	SUBQ $16, R9
	JGE  dotWindows_even_long

dotWindows_even_short:
	ADDQ $12, R9
	JLT  dotWindows_even_tail0
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y0
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindows_even_tail1
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y1
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindows_even_tail2
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y2
	ADDQ $4, DI
	SUBQ $4, R9
	TESTQ BX, BX
	JZ   dotWindows_even_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y3
	JMP  dotWindows_even_next

dotWindows_even_tail2:
	TESTQ BX, BX
	JZ   dotWindows_even_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y2
	JMP  dotWindows_even_next

dotWindows_even_tail1:
	TESTQ BX, BX
	JZ   dotWindows_even_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y1
	JMP  dotWindows_even_next

dotWindows_even_tail0:
	TESTQ BX, BX
	JZ   dotWindows_even_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y0

dotWindows_even_next:
	LEAQ (R12)(AX*8), R12
	ADDQ R10, R14
	DECQ R15
	JZ   dotWindows_planeend

dotWindows_odd:
	XORQ DI, DI
	MOVQ AX, R9
	SUBQ $16, R9
	JLT  dotWindows_odd_short

dotWindows_odd_long:
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y2
	VMOVUPD 32(R12)(DI*8), Y5
	VFMADD231PD 32(R14)(DI*8), Y5, Y3
	VMOVUPD 64(R12)(DI*8), Y5
	VFMADD231PD 64(R14)(DI*8), Y5, Y0
	VMOVUPD 96(R12)(DI*8), Y5
	VFMADD231PD 96(R14)(DI*8), Y5, Y1
	ADDQ $16, DI
	SUBQ $16, R9
	JGE  dotWindows_odd_long

dotWindows_odd_short:
	ADDQ $12, R9
	JLT  dotWindows_odd_tail0
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y2
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindows_odd_tail1
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y3
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindows_odd_tail2
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y0
	ADDQ $4, DI
	SUBQ $4, R9
	TESTQ BX, BX
	JZ   dotWindows_odd_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y1
	JMP  dotWindows_odd_next

dotWindows_odd_tail2:
	TESTQ BX, BX
	JZ   dotWindows_odd_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y0
	JMP  dotWindows_odd_next

dotWindows_odd_tail1:
	TESTQ BX, BX
	JZ   dotWindows_odd_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y3
	JMP  dotWindows_odd_next

dotWindows_odd_tail0:
	TESTQ BX, BX
	JZ   dotWindows_odd_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y2

dotWindows_odd_next:
	LEAQ (R12)(AX*8), R12
	ADDQ R10, R14
	DECQ R15
	JNZ  dotWindows_even

dotWindows_planeend:
	ADDQ R11, R13
	DECQ DX
	JNZ  dotWindows_plane

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

// func dotWindowsPair(n int, win *Window, dst0 *float64, dst1 *float64, u0 *float64, u1 *float64, w *float64, s2 int, s3 int)
TEXT ·dotWindowsPair(SB), NOSPLIT, $0-72
	MOVQ n+0(FP), CX
	MOVQ win+8(FP), SI
	MOVQ s2+56(FP), R10
	MOVQ s3+64(FP), R11
	SHLQ $3, R10
	SHLQ $3, R11
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

dotWindowsPair_plane:
	MOVQ R13, R14
	MOVQ u1+40(FP), R8
	SUBQ u0+32(FP), R8
	ADDQ R13, R8
	MOVLQSX WIN_E2(SI), R15

dotWindowsPair_even:
	XORQ DI, DI
	MOVQ AX, R9
	SUBQ $16, R9
	JLT  dotWindowsPair_even_short

dotWindowsPair_even_long:
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y0
	VFMADD231PD 0(R8)(DI*8), Y5, Y8
	VMOVUPD 32(R12)(DI*8), Y5
	VFMADD231PD 32(R14)(DI*8), Y5, Y1
	VFMADD231PD 32(R8)(DI*8), Y5, Y9
	VMOVUPD 64(R12)(DI*8), Y5
	VFMADD231PD 64(R14)(DI*8), Y5, Y2
	VFMADD231PD 64(R8)(DI*8), Y5, Y10
	VMOVUPD 96(R12)(DI*8), Y5
	VFMADD231PD 96(R14)(DI*8), Y5, Y3
	VFMADD231PD 96(R8)(DI*8), Y5, Y11
	ADDQ $16, DI
	SUBQ $16, R9
	JGE  dotWindowsPair_even_long

dotWindowsPair_even_short:
	ADDQ $12, R9
	JLT  dotWindowsPair_even_tail0
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y0
	VFMADD231PD 0(R8)(DI*8), Y5, Y8
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindowsPair_even_tail1
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y1
	VFMADD231PD 0(R8)(DI*8), Y5, Y9
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindowsPair_even_tail2
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y2
	VFMADD231PD 0(R8)(DI*8), Y5, Y10
	ADDQ $4, DI
	SUBQ $4, R9
	TESTQ BX, BX
	JZ   dotWindowsPair_even_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y3
	VMASKMOVPD (R8)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y11
	JMP  dotWindowsPair_even_next

dotWindowsPair_even_tail2:
	TESTQ BX, BX
	JZ   dotWindowsPair_even_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y2
	VMASKMOVPD (R8)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y10
	JMP  dotWindowsPair_even_next

dotWindowsPair_even_tail1:
	TESTQ BX, BX
	JZ   dotWindowsPair_even_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y1
	VMASKMOVPD (R8)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y9
	JMP  dotWindowsPair_even_next

dotWindowsPair_even_tail0:
	TESTQ BX, BX
	JZ   dotWindowsPair_even_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y0
	VMASKMOVPD (R8)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y8

dotWindowsPair_even_next:
	LEAQ (R12)(AX*8), R12
	ADDQ R10, R14
	ADDQ R10, R8
	DECQ R15
	JZ   dotWindowsPair_planeend

dotWindowsPair_odd:
	XORQ DI, DI
	MOVQ AX, R9
	SUBQ $16, R9
	JLT  dotWindowsPair_odd_short

dotWindowsPair_odd_long:
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y2
	VFMADD231PD 0(R8)(DI*8), Y5, Y10
	VMOVUPD 32(R12)(DI*8), Y5
	VFMADD231PD 32(R14)(DI*8), Y5, Y3
	VFMADD231PD 32(R8)(DI*8), Y5, Y11
	VMOVUPD 64(R12)(DI*8), Y5
	VFMADD231PD 64(R14)(DI*8), Y5, Y0
	VFMADD231PD 64(R8)(DI*8), Y5, Y8
	VMOVUPD 96(R12)(DI*8), Y5
	VFMADD231PD 96(R14)(DI*8), Y5, Y1
	VFMADD231PD 96(R8)(DI*8), Y5, Y9
	ADDQ $16, DI
	SUBQ $16, R9
	JGE  dotWindowsPair_odd_long

dotWindowsPair_odd_short:
	ADDQ $12, R9
	JLT  dotWindowsPair_odd_tail0
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y2
	VFMADD231PD 0(R8)(DI*8), Y5, Y10
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindowsPair_odd_tail1
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y3
	VFMADD231PD 0(R8)(DI*8), Y5, Y11
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindowsPair_odd_tail2
	VMOVUPD 0(R12)(DI*8), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y0
	VFMADD231PD 0(R8)(DI*8), Y5, Y8
	ADDQ $4, DI
	SUBQ $4, R9
	TESTQ BX, BX
	JZ   dotWindowsPair_odd_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y1
	VMASKMOVPD (R8)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y9
	JMP  dotWindowsPair_odd_next

dotWindowsPair_odd_tail2:
	TESTQ BX, BX
	JZ   dotWindowsPair_odd_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y0
	VMASKMOVPD (R8)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y8
	JMP  dotWindowsPair_odd_next

dotWindowsPair_odd_tail1:
	TESTQ BX, BX
	JZ   dotWindowsPair_odd_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y3
	VMASKMOVPD (R8)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y11
	JMP  dotWindowsPair_odd_next

dotWindowsPair_odd_tail0:
	TESTQ BX, BX
	JZ   dotWindowsPair_odd_next
	VMASKMOVPD (R12)(DI*8), Y4, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y2
	VMASKMOVPD (R8)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y10

dotWindowsPair_odd_next:
	LEAQ (R12)(AX*8), R12
	ADDQ R10, R14
	ADDQ R10, R8
	DECQ R15
	JNZ  dotWindowsPair_even

dotWindowsPair_planeend:
	ADDQ R11, R13
	DECQ DX
	JNZ  dotWindowsPair_plane

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

// func dotWindowsSingle(n int, win *Window, dst *float64, u *float64, w *float32, s2 int, s3 int)
TEXT ·dotWindowsSingle(SB), NOSPLIT, $0-56
	MOVQ n+0(FP), CX
	MOVQ win+8(FP), SI
	MOVQ s2+40(FP), R10
	MOVQ s3+48(FP), R11
	SHLQ $3, R10
	SHLQ $3, R11
	TESTQ CX, CX
	JZ   dotWindowsSingle_done

dotWindowsSingle_window:
	MOVQ WIN_W(SI), R12
	MOVQ w+32(FP), R9
	LEAQ (R9)(R12*4), R12
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
	SHRQ $1, BX
	LEAQ mask32<>(SB), R9
	VMOVUPS (R9)(BX*1), X7
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3

dotWindowsSingle_plane:
	MOVQ R13, R14
	MOVLQSX WIN_E2(SI), R15

dotWindowsSingle_even:
	XORQ DI, DI
	MOVQ AX, R9
	SUBQ $16, R9
	JLT  dotWindowsSingle_even_short

dotWindowsSingle_even_long:
	VCVTPS2PD 0(R12)(DI*4), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y0
	VCVTPS2PD 16(R12)(DI*4), Y5
	VFMADD231PD 32(R14)(DI*8), Y5, Y1
	VCVTPS2PD 32(R12)(DI*4), Y5
	VFMADD231PD 64(R14)(DI*8), Y5, Y2
	VCVTPS2PD 48(R12)(DI*4), Y5
	VFMADD231PD 96(R14)(DI*8), Y5, Y3
	ADDQ $16, DI
	SUBQ $16, R9
	JGE  dotWindowsSingle_even_long

dotWindowsSingle_even_short:
	ADDQ $12, R9
	JLT  dotWindowsSingle_even_tail0
	VCVTPS2PD 0(R12)(DI*4), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y0
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindowsSingle_even_tail1
	VCVTPS2PD 0(R12)(DI*4), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y1
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindowsSingle_even_tail2
	VCVTPS2PD 0(R12)(DI*4), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y2
	ADDQ $4, DI
	SUBQ $4, R9
	TESTQ BX, BX
	JZ   dotWindowsSingle_even_next
	VMASKMOVPS (R12)(DI*4), X7, X5
	VCVTPS2PD X5, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y3
	JMP  dotWindowsSingle_even_next

dotWindowsSingle_even_tail2:
	TESTQ BX, BX
	JZ   dotWindowsSingle_even_next
	VMASKMOVPS (R12)(DI*4), X7, X5
	VCVTPS2PD X5, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y2
	JMP  dotWindowsSingle_even_next

dotWindowsSingle_even_tail1:
	TESTQ BX, BX
	JZ   dotWindowsSingle_even_next
	VMASKMOVPS (R12)(DI*4), X7, X5
	VCVTPS2PD X5, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y1
	JMP  dotWindowsSingle_even_next

dotWindowsSingle_even_tail0:
	TESTQ BX, BX
	JZ   dotWindowsSingle_even_next
	VMASKMOVPS (R12)(DI*4), X7, X5
	VCVTPS2PD X5, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y0

dotWindowsSingle_even_next:
	LEAQ (R12)(AX*4), R12
	ADDQ R10, R14
	DECQ R15
	JZ   dotWindowsSingle_planeend

dotWindowsSingle_odd:
	XORQ DI, DI
	MOVQ AX, R9
	SUBQ $16, R9
	JLT  dotWindowsSingle_odd_short

dotWindowsSingle_odd_long:
	VCVTPS2PD 0(R12)(DI*4), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y2
	VCVTPS2PD 16(R12)(DI*4), Y5
	VFMADD231PD 32(R14)(DI*8), Y5, Y3
	VCVTPS2PD 32(R12)(DI*4), Y5
	VFMADD231PD 64(R14)(DI*8), Y5, Y0
	VCVTPS2PD 48(R12)(DI*4), Y5
	VFMADD231PD 96(R14)(DI*8), Y5, Y1
	ADDQ $16, DI
	SUBQ $16, R9
	JGE  dotWindowsSingle_odd_long

dotWindowsSingle_odd_short:
	ADDQ $12, R9
	JLT  dotWindowsSingle_odd_tail0
	VCVTPS2PD 0(R12)(DI*4), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y2
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindowsSingle_odd_tail1
	VCVTPS2PD 0(R12)(DI*4), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y3
	ADDQ $4, DI
	SUBQ $4, R9
	JLT  dotWindowsSingle_odd_tail2
	VCVTPS2PD 0(R12)(DI*4), Y5
	VFMADD231PD 0(R14)(DI*8), Y5, Y0
	ADDQ $4, DI
	SUBQ $4, R9
	TESTQ BX, BX
	JZ   dotWindowsSingle_odd_next
	VMASKMOVPS (R12)(DI*4), X7, X5
	VCVTPS2PD X5, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y1
	JMP  dotWindowsSingle_odd_next

dotWindowsSingle_odd_tail2:
	TESTQ BX, BX
	JZ   dotWindowsSingle_odd_next
	VMASKMOVPS (R12)(DI*4), X7, X5
	VCVTPS2PD X5, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y0
	JMP  dotWindowsSingle_odd_next

dotWindowsSingle_odd_tail1:
	TESTQ BX, BX
	JZ   dotWindowsSingle_odd_next
	VMASKMOVPS (R12)(DI*4), X7, X5
	VCVTPS2PD X5, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y3
	JMP  dotWindowsSingle_odd_next

dotWindowsSingle_odd_tail0:
	TESTQ BX, BX
	JZ   dotWindowsSingle_odd_next
	VMASKMOVPS (R12)(DI*4), X7, X5
	VCVTPS2PD X5, Y5
	VMASKMOVPD (R14)(DI*8), Y4, Y6
	VFMADD231PD Y6, Y5, Y2

dotWindowsSingle_odd_next:
	LEAQ (R12)(AX*4), R12
	ADDQ R10, R14
	DECQ R15
	JNZ  dotWindowsSingle_even

dotWindowsSingle_planeend:
	ADDQ R11, R13
	DECQ DX
	JNZ  dotWindowsSingle_plane

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
	JNZ  dotWindowsSingle_window

dotWindowsSingle_done:
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
