// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

/* Types a character into a terminal, and looks whether it arrives there. */
static int type_into(unsigned long request)
{
	char typed = 'x', got = 0;
	int name, unlock = 0, terminal;
	char path[64];
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);

	setsid();
	if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) != 0 || ioctl(master, TIOCGPTN, &name) != 0) {
		return 0;
	}
	snprintf(path, sizeof(path), "/dev/pts/%d", name);
	terminal = open(path, O_RDWR);
	if (terminal < 0) {
		return 0;
	}
	ioctl(terminal, TIOCSCTTY, 0);
	if (syscall(SYS_ioctl, terminal, request, &typed) != 0) {
		return 0;
	}
	typed = '\n';
	if (syscall(SYS_ioctl, terminal, request, &typed) != 0) {
		return 0;
	}
	return read(terminal, &got, 1) == 1 && got == 'x';
}

static int plain(void) { return type_into(0x5412); }
static int with_high_bits(void) { return type_into(0x5412 | 1UL << 40); }

static int has_terminal(void)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	return master >= 0;
}

int main(void)
{
	attempt("TIOCSTI", plain);
	attempt("TIOCSTI high", with_high_bits);
	if (has_terminal()) {
		printf("terminal present\n");
	}
	return 0;
}
