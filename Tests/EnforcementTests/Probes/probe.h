// SPDX-License-Identifier: Apache-2.0
#ifndef AK_PROBE_H
#define AK_PROBE_H

/* Every probe tries attacks and prints one line for each that worked. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void reached(const char *what)
{
	printf("REACHED %s\n", what);
	fflush(stdout);
}

/* Runs an attack in a child of its own, so that a filter that kills ends only this one. */
static inline void attempt(const char *what, int (*attack)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		_exit(attack() ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		reached(what);
	}
}

#endif
