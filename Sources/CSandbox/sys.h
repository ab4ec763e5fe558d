// SPDX-License-Identifier: Apache-2.0
#ifndef AK_SYS_H
#define AK_SYS_H

/* Raw system calls: no errno, no libc, nothing outside the caller's own code. */

#include <stdint.h>

#if defined(__x86_64__)
#define AK_NR(x86, arm) (x86)
#elif defined(__aarch64__)
#define AK_NR(x86, arm) (arm)
#else
#error "no system call numbers for this architecture"
#endif

#define AK_NR_CLOSE AK_NR(3, 57)
#define AK_NR_MMAP AK_NR(9, 222)
#define AK_NR_MUNMAP AK_NR(11, 215)
#define AK_NR_RT_SIGACTION AK_NR(13, 134)
#define AK_NR_RT_SIGPROCMASK AK_NR(14, 135)
#define AK_NR_SENDMSG AK_NR(46, 211)
#define AK_NR_RECVMSG AK_NR(47, 212)
#define AK_NR_CLONE AK_NR(56, 220)
#define AK_NR_EXIT AK_NR(60, 93)
#define AK_NR_WAIT4 AK_NR(61, 260)
#define AK_NR_KILL AK_NR(62, 129)
#define AK_NR_FCNTL AK_NR(72, 25)
#define AK_NR_CAPGET AK_NR(125, 90)
#define AK_NR_CAPSET AK_NR(126, 91)
#define AK_NR_RT_SIGTIMEDWAIT AK_NR(128, 137)
#define AK_NR_PRCTL AK_NR(157, 167)
#define AK_NR_FSTAT AK_NR(5, 80)
#define AK_NR_PPOLL AK_NR(271, 73)
#define AK_NR_SIGNALFD4 AK_NR(289, 74)
#define AK_NR_DUP3 AK_NR(292, 24)
#define AK_NR_READ AK_NR(0, 63)
#define AK_NR_EXECVEAT AK_NR(322, 281)
#define AK_NR_CLOSE_RANGE 436
#define AK_NR_LSEEK AK_NR(8, 62)

#define AK_EINTR 4
#define AK_EAGAIN 11
#define AK_EINVAL 22

struct ak_iovec {
	void *base;
	uint64_t length;
};

struct ak_msghdr {
	void *name;
	uint32_t name_length;
	struct ak_iovec *iov;
	uint64_t iov_count;
	void *control;
	uint64_t control_length;
	uint32_t flags;
};
_Static_assert(sizeof(struct ak_msghdr) == 56, "struct msghdr of the kernel");

struct ak_pollfd {
	int32_t fd;
	int16_t events;
	int16_t revents;
};

#if defined(__x86_64__)
#define AK_SYSCALL_BODY                                                                                                   \
	long result;                                                                                                      \
	register long r10 __asm__("r10") = d;                                                                             \
	register long r8 __asm__("r8") = e;                                                                               \
	register long r9 __asm__("r9") = f;                                                                               \
	__asm__ volatile("syscall"                                                                                        \
			 : "=a"(result)                                                                                   \
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)                                \
			 : "rcx", "r11", "memory");                                                                       \
	return result;
#else
#define AK_SYSCALL_BODY                                                                                                   \
	register long x8 __asm__("x8") = number;                                                                          \
	register long x0 __asm__("x0") = a;                                                                               \
	register long x1 __asm__("x1") = b;                                                                               \
	register long x2 __asm__("x2") = c;                                                                               \
	register long x3 __asm__("x3") = d;                                                                               \
	register long x4 __asm__("x4") = e;                                                                               \
	register long x5 __asm__("x5") = f;                                                                               \
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");           \
	return x0;
#endif

#endif
