// SPDX-License-Identifier: Apache-2.0

/*
 * From the host to the pod's init. Between clone and execveat: raw system calls and stack memory, nothing else.
 */

#include "include/CSandbox.h"
#include "sys.h"

#define AK_CLONE_VM 0x00000100
#define AK_CLONE_PIDFD 0x00001000
#define AK_CLONE_VFORK 0x00004000
#define AK_F_DUPFD 0
#define AK_F_DUPFD_CLOEXEC 1030
#define AK_HIGH_FD 100
#define AK_STACK_BYTES 16384
#define AK_AT_EMPTY_PATH 0x1000
#define AK_PR_CAP_AMBIENT 47
#define AK_PR_CAP_AMBIENT_RAISE 2
#define AK_LAST_CAPABILITY 63

/* glibc's wrapper: it only sets up the new stack and calls the function on it. */
extern int clone(int (*_Nonnull)(void *_Nullable), void *_Nonnull, int, void *_Nullable, ...);
extern int *_Nonnull __errno_location(void);

struct ak_child {
	const struct ak_clone_plan *plan;
	uint32_t stage;
	int32_t error;
};

struct ak_capability_header {
	uint32_t version;
	int32_t pid;
};

struct ak_capability_set {
	uint32_t effective;
	uint32_t permitted;
	uint32_t inheritable;
};

static inline __attribute__((always_inline)) long ak_sys(long number, long a, long b, long c, long d, long e, long f)
{
	AK_SYSCALL_BODY
}

static int ak_child_fail(struct ak_child *child, uint32_t stage, long result)
{
	/* The memory is shared with the host, which waits until we are gone. */
	child->stage = stage;
	child->error = (int32_t)-result;
	ak_sys(AK_NR_EXIT, 126, 0, 0, 0, 0, 0);
	return 126;
}

/* Moves the two descriptors and the null device to their numbers and closes all others but the image. */
static long ak_child_descriptors(const struct ak_clone_plan *plan, long *image)
{
	long control = ak_sys(AK_NR_FCNTL, plan->control_fd, AK_F_DUPFD, AK_HIGH_FD, 0, 0, 0);
	long host = ak_sys(AK_NR_FCNTL, plan->host_fd, AK_F_DUPFD, AK_HIGH_FD, 0, 0, 0);
	long null = ak_sys(AK_NR_FCNTL, plan->null_fd, AK_F_DUPFD, AK_HIGH_FD, 0, 0, 0);
	long result;

	*image = ak_sys(AK_NR_FCNTL, plan->image_fd, AK_F_DUPFD_CLOEXEC, AK_HIGH_FD, 0, 0, 0);
	if (control < 0 || host < 0 || null < 0 || *image < 0) {
		return control < 0 ? control : host < 0 ? host : null < 0 ? null : *image;
	}
	for (long i = 0; i < 3; i++) {
		result = ak_sys(AK_NR_DUP3, null, i, 0, 0, 0, 0);
		if (result < 0) {
			return result;
		}
	}
	result = ak_sys(AK_NR_DUP3, control, AK_CONTROL_FD, 0, 0, 0, 0);
	if (result < 0) {
		return result;
	}
	result = ak_sys(AK_NR_DUP3, host, AK_HOST_FD, 0, 0, 0, 0);
	if (result < 0) {
		return result;
	}
	result = ak_sys(AK_NR_CLOSE_RANGE, AK_HOST_FD + 1, *image - 1, 0, 0, 0, 0);
	if (result < 0) {
		return result;
	}
	return ak_sys(AK_NR_CLOSE_RANGE, *image + 1, 0xffffffffl, 0, 0, 0, 0);
}

/* Makes the capabilities of the new user namespace survive execveat although no id is mapped yet. */
static long ak_child_capabilities(void)
{
	struct ak_capability_header header;
	struct ak_capability_set sets[2];
	long result;

	header.version = 0x20080522;
	header.pid = 0;
	result = ak_sys(AK_NR_CAPGET, (long)&header, (long)sets, 0, 0, 0, 0);
	if (result < 0) {
		return result;
	}
	sets[0].inheritable = sets[0].permitted;
	sets[1].inheritable = sets[1].permitted;
	result = ak_sys(AK_NR_CAPSET, (long)&header, (long)sets, 0, 0, 0, 0);
	if (result < 0) {
		return result;
	}
	for (long i = 0; i <= AK_LAST_CAPABILITY; i++) {
		uint32_t set = sets[i / 32].permitted;
		if ((set & (1u << (i % 32))) != 0) {
			result = ak_sys(AK_NR_PRCTL, AK_PR_CAP_AMBIENT, AK_PR_CAP_AMBIENT_RAISE, i, 0, 0, 0);
			if (result < 0) {
				return result;
			}
		}
	}
	return 0;
}

static int ak_child_main(void *context)
{
	struct ak_child *child = context;
	char name[] = {'a', 'g', 'e', 'n', 't', 'k', 'i', 't', '-', 'i', 'n', 'i', 't', 0};
	char *arguments[2];
	char *environment[1];
	char empty[1];
	long image = -1;
	long result;

	/* One by one: an initialiser of zeros would become a call of memset. */
	empty[0] = 0;
	arguments[0] = name;
	arguments[1] = 0;
	environment[0] = 0;

	result = ak_child_descriptors(child->plan, &image);
	if (result < 0) {
		return ak_child_fail(child, AK_STAGE_CHILD_DESCRIPTORS, result);
	}
	result = ak_child_capabilities();
	if (result < 0) {
		return ak_child_fail(child, AK_STAGE_CHILD_CAPABILITIES, result);
	}
	result = ak_sys(AK_NR_EXECVEAT, image, (long)empty, (long)arguments, (long)environment, AK_AT_EMPTY_PATH, 0);
	return ak_child_fail(child, AK_STAGE_CHILD_EXEC, result);
}

struct ak_clone_result ak_clone_init(const struct ak_clone_plan *plan)
{
	char stack[AK_STACK_BYTES] __attribute__((aligned(64)));
	struct ak_clone_result result;
	struct ak_child child;
	uint64_t all = ~0ull;
	uint64_t before = 0;
	int32_t pidfd = -1;
	long pid;

	child.plan = plan;
	child.stage = 0;
	child.error = 0;
	result.stage = 0;
	result.error = 0;
	/* A handler of the host must not run in the child, on the host's memory. */
	ak_sys(AK_NR_RT_SIGPROCMASK, 2, (long)&all, (long)&before, 8, 0, 0);
	/* No exit signal: a wait of another library for any child doesn't see ours. */
	pid = clone(ak_child_main, stack + AK_STACK_BYTES,
		    (int)(plan->flags | AK_CLONE_VM | AK_CLONE_VFORK | AK_CLONE_PIDFD), &child, &pidfd);
	if (pid < 0) {
		result.stage = AK_STAGE_CLONE;
		result.error = *__errno_location();
	} else if (child.stage != 0) {
		result.stage = child.stage;
		result.error = child.error;
		ak_sys(AK_NR_WAIT4, pid, 0, 0x40000000 /* __WALL */, 0, 0, 0);
		ak_sys(AK_NR_CLOSE, pidfd, 0, 0, 0, 0, 0);
		pidfd = -1;
	}
	ak_sys(AK_NR_RT_SIGPROCMASK, 2, (long)&before, 0, 8, 0, 0);
	result.pid = (int32_t)pid;
	result.pidfd = pidfd;
	return result;
}
