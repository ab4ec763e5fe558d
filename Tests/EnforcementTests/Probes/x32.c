// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

/* The kernel here may lack x32: then it answers ENOSYS, which shows that the number got as far as the kernel. */
static int x32_number_is_answered(void)
{
	long result = syscall(0x40000000L | 39);
	return result > 0 || errno == ENOSYS;
}

int main(void)
{
	attempt("x32 answered", x32_number_is_answered);
	return 0;
}
