// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

/* A daemon that ignores all it can, keeps its parent's streams open, and is found by the marker in its arguments. */
int main(int count, char **arguments)
{
	(void)arguments;
	for (int i = 1; i < 65; i++) {
		signal(i, SIG_IGN);
	}
	for (int i = 0; i < 3; i++) {
		if (fork() != 0) {
			if (i == 0 && count > 2) {
				break;
			}
			if (i > 0) {
				break;
			}
			printf("started\n");
			fflush(stdout);
			return 0;
		}
		setsid();
	}
	for (;;) {
		sleep(1);
	}
}
