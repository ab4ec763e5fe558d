// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

/* Lists what was inherited: number and, where it can be read, the beginning of the content. */
int main(void)
{
	for (int fd = 3; fd < 1024; fd++) {
		char text[64] = {0};
		if (fcntl(fd, F_GETFD) == -1) {
			continue;
		}
		if (pread(fd, text, sizeof(text) - 1, 0) < 0) {
			text[0] = 0;
		}
		printf("REACHED descriptor %d %s\n", fd, text);
	}
	return 0;
}
