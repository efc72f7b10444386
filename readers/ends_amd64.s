#include "textflag.h"

// func findAVX2(ends, feeds *uint64, text *byte, blocks int, end, special byte) uint8
//
// DI, DX and SI walk along ends, feeds and text. Of what else the text has
// Y5 collects specials, Y6 control characters, Y7 all bytes.
TEXT ·findAVX2(SB), NOSPLIT, $0-41
	MOVQ ends+0(FP), DI
	MOVQ feeds+8(FP), DX
	MOVQ text+16(FP), SI
	MOVQ blocks+24(FP), CX
	VPBROADCASTB end+32(FP), Y0
	VPBROADCASTB special+33(FP), Y1
	MOVL $0x0A, AX
	VMOVD AX, X2
	VPBROADCASTB X2, Y2                 // line feeds
	MOVL $0x1F, AX
	VMOVD AX, X3
	VPBROADCASTB X3, Y3                 // the last control character
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7

block:
	VMOVDQU (SI), Y8
	VMOVDQU 32(SI), Y9
	VPCMPEQB Y8, Y0, Y10
	VPCMPEQB Y9, Y0, Y11
	VPCMPEQB Y8, Y2, Y12
	VPCMPEQB Y9, Y2, Y13
	VPMOVMSKB Y12, R8
	VPMOVMSKB Y13, R9
	SHLQ $32, R9
	ORQ R8, R9
	MOVQ R9, (DX)
	VPOR Y12, Y10, Y10
	VPOR Y13, Y11, Y11
	VPMOVMSKB Y10, AX
	VPMOVMSKB Y11, BX
	SHLQ $32, BX
	ORQ BX, AX
	MOVQ AX, (DI)
	VPCMPEQB Y8, Y1, Y12
	VPCMPEQB Y9, Y1, Y13
	VPOR Y12, Y5, Y5
	VPOR Y13, Y5, Y5
	VPMINUB Y8, Y3, Y12
	VPMINUB Y9, Y3, Y13
	VPCMPEQB Y12, Y8, Y12
	VPCMPEQB Y13, Y9, Y13
	VPANDN Y12, Y10, Y12                // but for ends and line feeds
	VPANDN Y13, Y11, Y13
	VPOR Y12, Y6, Y6
	VPOR Y13, Y6, Y6
	VPOR Y8, Y7, Y7
	VPOR Y9, Y7, Y7
	ADDQ $64, SI
	ADDQ $8, DI
	ADDQ $8, DX
	DECQ CX
	JNZ block

	VPMOVMSKB Y5, AX
	VPMOVMSKB Y6, BX
	VPMOVMSKB Y7, CX
	VZEROUPPER
	TESTL AX, AX
	SETNE AX
	TESTL BX, BX
	SETNE BX
	TESTL CX, CX
	SETNE CX
	SHLB $1, BX
	SHLB $2, CX
	ORB BX, AX
	ORB CX, AX
	MOVB AX, ret+40(FP)
	RET
