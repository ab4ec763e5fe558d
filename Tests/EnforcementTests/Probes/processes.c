// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

#include <sys/ptrace.h>

static pid_t victim;
static char secret[] = "secret of the victim";

static int trace(void) { return ptrace(PTRACE_SEIZE, victim, 0, 0) == 0; }

static int read_memory(void)
{
	char copy[sizeof(secret)] = {0};
	struct iovec here = {copy, sizeof(copy)}, there = {secret, sizeof(secret)};
	return process_vm_readv(victim, &here, 1, &there, 1, 0) == (ssize_t)sizeof(copy);
}

static int write_memory(void)
{
	char other[sizeof(secret)] = "changed";
	struct iovec here = {other, sizeof(other)}, there = {secret, sizeof(secret)};
	return process_vm_writev(victim, &here, 1, &there, 1, 0) == (ssize_t)sizeof(other);
}

static int take_descriptor(void)
{
	int process = (int)syscall(434 /* pidfd_open */, victim, 0);
	return process >= 0 && syscall(438 /* pidfd_getfd */, process, 1, 0) >= 0;
}

static int compare(void) { return syscall(SYS_kcmp, victim, getpid(), 0, 1, 1) >= 0; }

int main(void)
{
	victim = fork();
	if (victim == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;) {
			pause();
		}
	}
	attempt("ptrace", trace);
	attempt("process_vm_readv", read_memory);
	attempt("process_vm_writev", write_memory);
	attempt("pidfd_getfd", take_descriptor);
	attempt("kcmp", compare);
	kill(victim, SIGKILL);
	return 0;
}
