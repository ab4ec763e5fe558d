// SPDX-License-Identifier: Apache-2.0

/* Helpers for the host's side that Swift can't express: variadic system calls, ancillary data, thread identities. */

#define _GNU_SOURCE
#include "include/CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define AK_MAX_FDS 16

int64_t ak_syscall(int64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	long result = syscall((long)number, a, b, c, d, e, f);
	return result == -1 ? -(int64_t)errno : result;
}

int64_t ak_send(int32_t fd, const void *bytes, uint32_t length, const int32_t *fds, uint32_t count)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * AK_MAX_FDS)];
		struct cmsghdr align;
	} control;
	struct iovec iov = {.iov_base = (void *)bytes, .iov_len = length};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t sent;

	if (count > AK_MAX_FDS) {
		return -EINVAL;
	}
	if (count > 0) {
		struct cmsghdr *header;
		memset(&control, 0, sizeof(control));
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(header), fds, sizeof(int) * count);
	}
	do {
		sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	} while (sent == -1 && errno == EINTR);
	return sent == -1 ? -(int64_t)errno : sent;
}

int64_t ak_receive(int32_t fd, void *bytes, uint32_t capacity, int32_t *fds, uint32_t capacity_fds, uint32_t *count)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * AK_MAX_FDS)];
		struct cmsghdr align;
	} control;
	struct iovec iov = {.iov_base = bytes, .iov_len = capacity};
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes)};
	ssize_t got;

	*count = 0;
	do {
		got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	} while (got == -1 && errno == EINTR);
	if (got == -1) {
		return -(int64_t)errno;
	}
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
		uint32_t held;
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
			continue;
		}
		held = (uint32_t)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		for (uint32_t i = 0; i < held; i++) {
			int received;
			memcpy(&received, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
			if (*count < capacity_fds) {
				fds[(*count)++] = received;
			} else {
				close(received);
			}
		}
	}
	return got;
}

static int ak_namespace_child(void *context)
{
	char byte;
	int *ends = context;

	/* Shares the memory, not the descriptors: its own copy of the write end has to go, or the end never comes. */
	syscall(SYS_close, ends[1]);
	syscall(SYS_read, ends[0], &byte, 1);
	syscall(SYS_exit, 0);
	return 0;
}

static int ak_write_map(int pid, const char *name, const char *bytes, uint32_t length)
{
	char path[64];
	int fd;
	ssize_t written;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd == -1) {
		return -errno;
	}
	written = write(fd, bytes, length);
	if (written != (ssize_t)length) {
		int error = written == -1 ? errno : EIO;
		close(fd);
		return -error;
	}
	close(fd);
	return 0;
}

int32_t ak_user_namespace(const char *uid_map, uint32_t uid_length, const char *gid_map, uint32_t gid_length)
{
	const size_t stack_bytes = 65536;
	sigset_t all, before;
	char path[64];
	int ends[2];
	int result;
	int pid;
	char *stack;

	if (pipe2(ends, O_CLOEXEC) == -1) {
		return -errno;
	}
	stack = mmap(NULL, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack == MAP_FAILED) {
		result = -errno;
		close(ends[0]);
		close(ends[1]);
		return result;
	}
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = clone(ak_namespace_child, stack + stack_bytes, CLONE_VM | CLONE_NEWUSER, ends);
	result = pid == -1 ? -errno : 0;
	if (result == 0) {
		result = ak_write_map(pid, "uid_map", uid_map, uid_length);
	}
	if (result == 0) {
		result = ak_write_map(pid, "gid_map", gid_map, gid_length);
	}
	if (result == 0) {
		snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
		result = open(path, O_RDONLY | O_CLOEXEC);
		result = result == -1 ? -errno : result;
	}
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, __WALL);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	close(ends[0]);
	close(ends[1]);
	munmap(stack, stack_bytes);
	return result;
}

int32_t ak_assume_file_identity(uint32_t uid, uint32_t gid)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
	struct __user_cap_data_struct sets[2];

	/* setfsuid returns the id before and no error: ask again to know. Both are per thread as raw calls. */
	syscall(SYS_setfsgid, gid);
	syscall(SYS_setfsuid, uid);
	if ((uint32_t)syscall(SYS_setfsgid, -1) != gid || (uint32_t)syscall(SYS_setfsuid, -1) != uid) {
		return -EPERM;
	}
	/* Leaving 0 took the file capabilities out of the effective set. */
	if (syscall(SYS_capget, &header, sets) != 0) {
		return -errno;
	}
	sets[0].effective = sets[0].permitted;
	sets[1].effective = sets[1].permitted;
	return syscall(SYS_capset, &header, sets) != 0 ? -errno : 0;
}

struct ak_thread_start {
	void (*body)(void *);
	void *context;
};

static void *ak_thread_main(void *start)
{
	struct ak_thread_start copy = *(struct ak_thread_start *)start;

	free(start);
	copy.body(copy.context);
	return NULL;
}

int32_t ak_start_thread(void (*body)(void *), void *context)
{
	struct ak_thread_start *start = malloc(sizeof(*start));
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	if (start == NULL) {
		return -ENOMEM;
	}
	start->body = body;
	start->context = context;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, 512 * 1024);
	error = pthread_create(&thread, &attributes, ak_thread_main, start);
	pthread_attr_destroy(&attributes);
	if (error != 0) {
		free(start);
	}
	return -error;
}
