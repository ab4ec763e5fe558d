// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

struct clone3_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static int unshare_user(void) { return unshare(CLONE_NEWUSER) == 0; }

static int cloned(long pid)
{
	if (pid == 0) {
		_exit(0);
	}
	return pid > 0;
}

static int clone_user(void) { return cloned(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)); }

/* The same with a bit in the half of the register that the kernel ignores. */
static int clone_user_high(void) { return cloned(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD | 1L << 40, 0, 0, 0, 0)); }

static int clone3_user(void)
{
	struct clone3_args args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
	return cloned(syscall(SYS_clone3, &args, sizeof(args)));
}

static int join_own(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);
	return unshare(CLONE_NEWUSER | CLONE_NEWUTS) == 0 && fd >= 0;
}

int main(void)
{
	attempt("unshare user", unshare_user);
	attempt("clone user", clone_user);
	attempt("clone user high", clone_user_high);
	attempt("clone3 user", clone3_user);
	attempt("unshare uts", join_own);
	return 0;
}
