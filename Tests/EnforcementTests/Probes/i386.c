// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

/* socket(AF_VSOCK, SOCK_STREAM, 0) by the i386 table, whose numbers a filter for x86-64 doesn't mean. */
static int i386_socket(void)
{
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(359), "b"(40), "c"(1), "d"(0) : "memory", "r8", "r9", "r10", "r11");
	return (int)result >= 0;
}

static int i386_getpid(void)
{
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory", "r8", "r9", "r10", "r11");
	return (int)result > 0;
}

int main(void)
{
	attempt("i386 socket", i386_socket);
	attempt("i386 getpid", i386_getpid);
	return 0;
}
