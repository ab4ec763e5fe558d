// SPDX-License-Identifier: Apache-2.0

/*
 * The pod's init: process 1 of the pod, and process 1 of each call.
 *
 * Its code lies in a section of its own that refers to nothing outside itself: no data, no relocations, no library. The host copies
 * the section into a sealed memfd and executes that, so the init shares no memory with the host, and no helper file is needed.
 * Rules for this file: no string literals, no switch (jump tables), no struct initialisers or assignments (memcpy), no globals.
 */

#include "include/CSandbox.h"
#include "sys.h"

#define AK_INIT_SECTION "ak_init"
#define AK_INIT                                                                                                           \
	__attribute__((section(AK_INIT_SECTION), optnone, noinline, used, no_builtin, no_stack_protector,                 \
		       no_sanitize("all"), no_profile_instrument_function))

#define AK_CLONE_NEWNS 0x00020000
#define AK_CLONE_NEWPID 0x20000000
#define AK_SIGCHLD 17
#define AK_SIGKILL 9
#define AK_POLLIN 1
#define AK_CONTROL_BYTES 64
#define AK_MSG_CMSG_CLOEXEC 0x40000000
#define AK_MSG_NOSIGNAL 0x4000
#define AK_MSG_TRUNCATED 0x28 /* MSG_TRUNC | MSG_CTRUNC */

struct ak_call {
	uint32_t call; /* 0: free */
	int32_t pid;
};

struct ak_state {
	int64_t registers[AK_REGISTERS];
	struct ak_call calls[AK_CALLS];
	uint64_t control[AK_CONTROL_BYTES / 8]; /* ancillary data, aligned */
	struct ak_request request;
	uint32_t received;
	int32_t last_error;
	uint32_t last_stage;
	uint32_t call;
};

AK_INIT static long ak_sys(long number, long a, long b, long c, long d, long e, long f)
{
	AK_SYSCALL_BODY
}

AK_INIT static void ak_zero(void *bytes, uint64_t length)
{
	volatile uint8_t *at = bytes;
	for (uint64_t i = 0; i < length; i++) {
		at[i] = 0;
	}
}

AK_INIT static void ak_exit(long code)
{
	for (;;) {
		ak_sys(AK_NR_EXIT, code, 0, 0, 0, 0, 0);
	}
}

AK_INIT static void ak_report_send(struct ak_state *state, uint32_t kind, uint32_t stage, int32_t error, int32_t status,
				   uint32_t descriptors)
{
	struct ak_report report;
	struct ak_iovec iov;
	struct ak_msghdr message;
	long sent;

	ak_zero(&report, sizeof(report));
	ak_zero(&message, sizeof(message));
	report.kind = kind;
	report.call = state->call;
	report.stage = stage;
	report.error = error;
	report.status = status;
	iov.base = &report;
	iov.length = sizeof(report);
	message.iov = &iov;
	message.iov_count = 1;
	if (descriptors > 0) {
		/* One cmsghdr: length, SOL_SOCKET, SCM_RIGHTS, then the descriptors. */
		int32_t *fds = (int32_t *)&state->control[2];
		ak_zero(state->control, sizeof(state->control));
		state->control[0] = 16 + 4 * (uint64_t)descriptors;
		((int32_t *)state->control)[2] = 1;
		((int32_t *)state->control)[3] = 1;
		for (uint32_t i = 0; i < descriptors; i++) {
			fds[i] = (int32_t)state->registers[state->request.returns[i] % AK_REGISTERS];
		}
		message.control = state->control;
		message.control_length = 16 + ((4 * (uint64_t)descriptors + 7) & ~7ull);
	}
	do {
		sent = ak_sys(AK_NR_SENDMSG, AK_CONTROL_FD, (long)&message, AK_MSG_NOSIGNAL, 0, 0, 0);
	} while (sent == -AK_EINTR);
	if (sent != (long)sizeof(report)) {
		/* Without a host to tell there is nothing to hold the pod for. */
		ak_exit(1);
	}
}

/* Runs operations until one fails; 0, or the negative error with last_stage set. */
AK_INIT static long ak_run(struct ak_state *state, uint8_t *base, struct ak_op *ops, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct ak_op *op = &ops[i];
		long args[6];
		long result = 0;
		int tolerated = 0;

		if (state->last_stage != op->stage) {
			state->last_error = 0;
		}
		state->last_stage = op->stage;
		for (int j = 0; j < 6; j++) {
			args[j] = (long)op->arg[j];
			if (op->arg_kind[j] == AK_ARG_DATA) {
				args[j] = (long)(base + op->arg[j]);
			}
			if (op->arg_kind[j] == AK_ARG_REGISTER) {
				args[j] = state->registers[op->arg[j] % AK_REGISTERS];
			}
		}
		if (op->kind == AK_OP_SYSCALL) {
			result = ak_sys(op->number, args[0], args[1], args[2], args[3], args[4], args[5]);
		} else if (op->kind == AK_OP_ADDRESS) {
			result = (long)(base + op->arg[0]);
		} else if (op->kind == AK_OP_STORE) {
			*(int32_t *)args[0] = (int32_t)args[1];
		} else {
			return state->last_error != 0 ? -state->last_error : -AK_EINVAL;
		}
		if (op->result != AK_NO_REGISTER) {
			state->registers[op->result % AK_REGISTERS] = result;
		}
		if (result > -4096 && result < 0) {
			for (int j = 0; j < AK_TOLERATED; j++) {
				if (op->tolerated[j] == -result) {
					tolerated = 1;
				}
			}
			if (!tolerated) {
				return result;
			}
			/* Of several attempts the most telling error is kept: anything rather than ENOENT. */
			if (state->last_error == 0 || state->last_error == 2) {
				state->last_error = (int32_t)-result;
			}
		}
	}
	return 0;
}

/* Maps the program of the request and adds its address at its fixups. 0 on failure. */
AK_INIT static uint8_t *ak_map(int64_t fd)
{
	struct ak_program *program;
	uint32_t *fixups;
	uint8_t *base;
	long size;
	long mapped;

	size = ak_sys(AK_NR_LSEEK, fd, 0, 2, 0, 0, 0);
	if (size < (long)sizeof(struct ak_program)) {
		return 0;
	}
	mapped = ak_sys(AK_NR_MMAP, 0, size, 3 /* READ|WRITE */, 2 /* PRIVATE */, fd, 0);
	if (mapped > -4096 && mapped < 0) {
		return 0;
	}
	base = (uint8_t *)mapped;
	program = (struct ak_program *)base;
	if (program->magic != AK_PROGRAM_MAGIC || program->size != (uint64_t)size) {
		return 0;
	}
	fixups = (uint32_t *)(base + program->fixups_offset);
	for (uint32_t i = 0; i < program->fixups_count; i++) {
		uint64_t *at = (uint64_t *)(base + fixups[i]);
		*at = *at + (uint64_t)base;
	}
	return base;
}

/* The call's own process: the rest of its program ends in execve. */
AK_INIT static void ak_call_process(struct ak_state *state, uint8_t *base)
{
	struct ak_program *program = (struct ak_program *)base;
	struct ak_op *ops = (struct ak_op *)(base + program->ops_offset);
	long result;

	state->last_error = 0;
	result = ak_run(state, base, &ops[program->first_count], program->second_count);
	ak_report_send(state, AK_REPORT_FAILED, state->last_stage, (int32_t)-result, 0, 0);
	ak_exit(127);
}

/* Process 1 of a call: waits for its main process, passes signals on, and takes everything with it when it ends. */
AK_INIT static void ak_call_init(struct ak_state *state, uint8_t *base)
{
	struct ak_program *program = (struct ak_program *)base;
	struct ak_op *ops = (struct ak_op *)(base + program->ops_offset);
	uint64_t mask = ~0ull;
	uint32_t info[32];
	int32_t status = 0;
	long main_pid;
	long result;

	result = ak_run(state, base, ops, program->first_count);
	if (result != 0) {
		ak_report_send(state, AK_REPORT_FAILED, state->last_stage, (int32_t)-result, 0, 0);
		ak_exit(1);
	}
	main_pid = ak_sys(AK_NR_CLONE, AK_SIGCHLD, 0, 0, 0, 0, 0);
	if (main_pid == 0) {
		ak_call_process(state, base);
	}
	if (main_pid < 0) {
		ak_report_send(state, AK_REPORT_FAILED, AK_STAGE_CALL_START, (int32_t)-main_pid, 0, 0);
		ak_exit(1);
	}
	/* From here on it only waits: no capability, in case a program finds a way to talk it into something. */
	ak_zero(info, sizeof(info));
	info[0] = 0x20080522; /* _LINUX_CAPABILITY_VERSION_3, then pid 0; the sets stay zero */
	if (ak_sys(AK_NR_CAPSET, (long)info, (long)&info[2], 0, 0, 0, 0) != 0) {
		ak_exit(1);
	}
	/* Nothing of the call's streams may stay open here, or a reader outside never sees their end. */
	ak_sys(AK_NR_CLOSE_RANGE, 0, 2, 0, 0, 0, 0);
	ak_sys(AK_NR_CLOSE_RANGE, AK_CONTROL_FD + 1, -1, 0, 0, 0, 0);
	for (;;) {
		result = ak_sys(AK_NR_RT_SIGTIMEDWAIT, (long)&mask, (long)info, 0, 8, 0, 0);
		if (result == AK_SIGCHLD) {
			do {
				result = ak_sys(AK_NR_WAIT4, -1, (long)&status, 1 /* WNOHANG */, 0, 0, 0);
				if (result == main_pid) {
					ak_report_send(state, AK_REPORT_EXITED, 0, 0, status, 0);
					ak_exit(0);
				}
			} while (result > 0);
		} else if (result > 0 && info[4] == 0) {
			/* info[4] is si_pid: 0 says that the sender is outside the call's pid namespace, the init. */
			ak_sys(AK_NR_KILL, -main_pid, result, 0, 0, 0, 0);
		}
	}
}

AK_INIT static void ak_close_received(struct ak_state *state)
{
	for (uint32_t i = 0; i < state->received; i++) {
		ak_sys(AK_NR_CLOSE, state->registers[i], 0, 0, 0, 0, 0);
		state->registers[i] = -1;
	}
	state->received = 0;
}

AK_INIT static void ak_handle_run(struct ak_state *state)
{
	uint8_t *base = ak_map(state->registers[0]);
	struct ak_program *program = (struct ak_program *)base;
	long result;

	if (base == 0) {
		ak_report_send(state, AK_REPORT_FAILED, AK_STAGE_INIT_PROGRAM, AK_EINVAL, 0, 0);
		return;
	}
	state->last_error = 0;
	result = ak_run(state, base, (struct ak_op *)(base + program->ops_offset), program->first_count);
	if (result != 0) {
		ak_report_send(state, AK_REPORT_FAILED, state->last_stage, (int32_t)-result, 0, 0);
		return;
	}
	/* The mapping stays: registers may hold addresses in it. */
	ak_report_send(state, AK_REPORT_DONE, 0, 0, 0, state->request.return_count % 9);
}

AK_INIT static void ak_handle_spawn(struct ak_state *state)
{
	struct ak_call *slot = 0;
	uint8_t *base;
	uint32_t size;
	long pid;

	for (uint32_t i = 0; i < AK_CALLS; i++) {
		if (state->calls[i].call == 0) {
			slot = &state->calls[i];
		}
	}
	base = ak_map(state->registers[0]);
	if (base == 0 || slot == 0) {
		ak_report_send(state, AK_REPORT_FAILED, AK_STAGE_INIT_PROGRAM, slot == 0 ? AK_EAGAIN : AK_EINVAL, 0, 0);
		ak_report_send(state, AK_REPORT_GONE, 0, 0, 0, 0);
		return;
	}
	size = ((struct ak_program *)base)->size;
	pid = ak_sys(AK_NR_CLONE, state->request.spawn_flags | AK_SIGCHLD, 0, 0, 0, 0, 0);
	if (pid == 0) {
		ak_call_init(state, base);
	}
	ak_sys(AK_NR_MUNMAP, (long)base, size, 0, 0, 0, 0);
	if (pid < 0) {
		ak_report_send(state, AK_REPORT_FAILED, AK_STAGE_INIT_SPAWN, (int32_t)-pid, 0, 0);
		ak_report_send(state, AK_REPORT_GONE, 0, 0, 0, 0);
		return;
	}
	slot->call = state->request.call;
	slot->pid = (int32_t)pid;
}

AK_INIT static void ak_handle_signal(struct ak_state *state)
{
	for (uint32_t i = 0; i < AK_CALLS; i++) {
		if (state->calls[i].call == state->request.call && state->calls[i].pid > 0) {
			ak_sys(AK_NR_KILL, state->calls[i].pid, state->request.signal, 0, 0, 0, 0);
		}
	}
}

AK_INIT static void ak_receive_request(struct ak_state *state)
{
	struct ak_iovec iov;
	struct ak_msghdr message;
	int32_t *fds = (int32_t *)&state->control[2];
	long got;

	ak_zero(&message, sizeof(message));
	ak_zero(state->control, sizeof(state->control));
	iov.base = &state->request;
	iov.length = sizeof(state->request);
	message.iov = &iov;
	message.iov_count = 1;
	message.control = state->control;
	message.control_length = sizeof(state->control);
	got = ak_sys(AK_NR_RECVMSG, AK_CONTROL_FD, (long)&message, AK_MSG_CMSG_CLOEXEC, 0, 0, 0);
	if (got == -AK_EINTR || got == -AK_EAGAIN) {
		return;
	}
	/* The end of the host, or a message that isn't whole: the pod ends. */
	if (got != (long)sizeof(state->request) || (message.flags & AK_MSG_TRUNCATED) != 0) {
		ak_exit(0);
	}
	state->received = 0;
	if (message.control_length >= 16) {
		state->received = (uint32_t)((state->control[0] - 16) / 4);
	}
	if (state->received > AK_MESSAGE_REGISTERS) {
		ak_exit(1);
	}
	for (uint32_t i = 0; i < state->received; i++) {
		state->registers[i] = fds[i];
	}
	state->call = state->request.call;
	if (state->request.kind == AK_REQUEST_RUN) {
		ak_handle_run(state);
	} else if (state->request.kind == AK_REQUEST_SPAWN) {
		ak_handle_spawn(state);
	} else if (state->request.kind == AK_REQUEST_SIGNAL) {
		ak_handle_signal(state);
	} else {
		ak_report_send(state, AK_REPORT_FAILED, AK_STAGE_INIT_REQUEST, AK_EINVAL, 0, 0);
	}
	ak_close_received(state);
}

AK_INIT static void ak_reap(struct ak_state *state)
{
	int32_t status = 0;
	long pid;

	for (;;) {
		pid = ak_sys(AK_NR_WAIT4, -1, (long)&status, 1 /* WNOHANG */, 0, 0, 0);
		if (pid <= 0) {
			return;
		}
		for (uint32_t i = 0; i < AK_CALLS; i++) {
			if (state->calls[i].pid == pid) {
				state->call = state->calls[i].call;
				state->calls[i].call = 0;
				state->calls[i].pid = 0;
				ak_report_send(state, AK_REPORT_GONE, 0, 0, status, 0);
			}
		}
	}
}

AK_INIT static void ak_init_main(void)
{
	struct ak_state state;
	struct ak_pollfd polled[3];
	uint64_t action[4];
	uint64_t mask = ~0ull;
	uint8_t drain[128];
	long signals;

	ak_zero(&state, sizeof(state));
	ak_zero(action, sizeof(action));
	/* What the host ignores or blocks is not what its children should. */
	for (long i = 1; i < 65; i++) {
		ak_sys(AK_NR_RT_SIGACTION, i, (long)action, 0, 8, 0, 0);
	}
	ak_sys(AK_NR_RT_SIGPROCMASK, 2 /* SIG_SETMASK */, (long)&mask, 0, 8, 0, 0);
	mask = 1ull << (AK_SIGCHLD - 1);
	signals = ak_sys(AK_NR_SIGNALFD4, -1, (long)&mask, 8, 02004000 /* CLOEXEC|NONBLOCK */, 0, 0);
	if (signals < 0 || ak_sys(AK_NR_FCNTL, AK_CONTROL_FD, 2 /* F_SETFD */, 1, 0, 0, 0) != 0 ||
	    ak_sys(AK_NR_FCNTL, AK_HOST_FD, 2, 1, 0, 0, 0) != 0) {
		ak_report_send(&state, AK_REPORT_FAILED, AK_STAGE_INIT_START, (int32_t)(signals < 0 ? -signals : AK_EINVAL), 0, 0);
		ak_exit(1);
	}
	for (;;) {
		ak_zero(polled, sizeof(polled));
		polled[0].fd = AK_CONTROL_FD;
		polled[1].fd = AK_HOST_FD;
		polled[2].fd = (int32_t)signals;
		polled[0].events = AK_POLLIN;
		polled[1].events = AK_POLLIN;
		polled[2].events = AK_POLLIN;
		ak_sys(AK_NR_PPOLL, (long)polled, 3, 0, 0, 8, 0);
		if (polled[1].revents != 0) {
			ak_exit(0);
		}
		if (polled[2].revents != 0) {
			ak_sys(AK_NR_READ, signals, (long)drain, sizeof(drain), 0, 0, 0);
			ak_reap(&state);
		}
		if (polled[0].revents != 0) {
			ak_receive_request(&state);
		}
	}
}

/* The kernel's entry has an aligned stack and no return address. */
__attribute__((section(AK_INIT_SECTION), naked, used, no_profile_instrument_function)) static void ak_init_entry(void)
{
#if defined(__x86_64__)
	__asm__ volatile("xor %ebp, %ebp\n\tcall ak_init_main\n\thlt");
#else
	__asm__ volatile("mov x29, #0\n\tmov x30, #0\n\tbl ak_init_main\n\tbrk #0");
#endif
}

extern const uint8_t __start_ak_init[] __attribute__((visibility("hidden")));
extern const uint8_t __stop_ak_init[] __attribute__((visibility("hidden")));

const void *ak_init_code(uint32_t *length, uint32_t *entry)
{
	*length = (uint32_t)(__stop_ak_init - __start_ak_init);
	*entry = (uint32_t)((const uint8_t *)&ak_init_entry - __start_ak_init);
	return __start_ak_init;
}
