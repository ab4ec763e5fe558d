// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

static int ring(void)
{
	char parameters[256] = {0};
	return syscall(425 /* io_uring_setup */, 2, parameters) >= 0;
}

static int keyring(void) { return syscall(SYS_keyctl, 0 /* GET_KEYRING_ID */, -4 /* user keyring */, 1) != -1; }

static int add_key(void) { return syscall(SYS_add_key, "user", "agentkit-probe", "x", 1, -4) != -1; }

static int fault_handling(void) { return syscall(SYS_userfaultfd, 1 /* USER_MODE_ONLY */ | O_CLOEXEC) >= 0; }

static int listener(void)
{
	struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
	struct sock_fprog program = {1, &allow};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program) >= 0;
}

static int odd_personality(void) { return syscall(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */) != -1; }

static int splice_memory(void)
{
	static char page[4096];
	struct iovec part = {page, sizeof(page)};
	int ends[2];
	return pipe(ends) == 0 && syscall(SYS_vmsplice, ends[1], &part, 1, 0) > 0;
}

static int unmapped_number(void)
{
	/* A system call that came after most allow-lists were written. */
	char attributes[128] = {0};
	uint64_t request[4] = {32, 0, 0, 0};
	request[1] = 1;
	errno = 0;
	return syscall(457 /* statmount */, request, attributes, sizeof(attributes), 0) >= 0 || errno != ENOSYS;
}

static int bare_descriptor(void)
{
	int file = open("/bin/true", O_RDONLY | O_CLOEXEC);
	char *arguments[] = {"true", NULL}, *environment[] = {NULL};
	syscall(SYS_execveat, file, "", arguments, environment, AT_EMPTY_PATH);
	return 0;
}

int main(void)
{
	attempt("io_uring", ring);
	attempt("keyctl", keyring);
	attempt("add_key", add_key);
	attempt("userfaultfd", fault_handling);
	attempt("seccomp listener", listener);
	attempt("personality", odd_personality);
	attempt("vmsplice", splice_memory);
	attempt("new system call", unmapped_number);
	attempt("execveat descriptor", bare_descriptor);
	return 0;
}
