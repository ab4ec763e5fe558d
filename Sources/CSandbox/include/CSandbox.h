// SPDX-License-Identifier: Apache-2.0
#ifndef AK_CSANDBOX_H
#define AK_CSANDBOX_H

#include <stdint.h>

/*
 * The wire between the host and the pod's init.
 *
 * The init is an interpreter of programs: a program is a list of system calls with their arguments, written by the host into a
 * sealed memfd. So every string, structure and decision is made in Swift, and the init holds nothing but what it was sent.
 */

#define AK_PROGRAM_MAGIC 0x616b7067u
#define AK_REGISTERS 256u
#define AK_NO_REGISTER 0xffffffffu
#define AK_MESSAGE_REGISTERS 8u
#define AK_TOLERATED 3
#define AK_CALLS 64u

/* Where the init finds its two descriptors. */
#define AK_CONTROL_FD 3
#define AK_HOST_FD 4

enum ak_op_kind {
	AK_OP_SYSCALL = 1, /* do it; a negative result that isn't tolerated ends the program */
	AK_OP_ADDRESS = 2, /* put the address of data at arg[0] into the result register */
	AK_OP_FAIL = 3,    /* end the program with the last tolerated error */
	AK_OP_STORE = 4,   /* store the 32-bit value arg[1] into data at arg[0] */
};

enum ak_arg_kind {
	AK_ARG_LITERAL = 0,
	AK_ARG_DATA = 1,     /* offset into the program's data */
	AK_ARG_REGISTER = 2,
};

struct ak_op {
	uint32_t kind;
	uint32_t stage;
	uint32_t number;
	uint32_t result;
	uint8_t arg_kind[8];
	uint64_t arg[6];
	int32_t tolerated[AK_TOLERATED];
	uint32_t reserved;
};
_Static_assert(sizeof(struct ak_op) == 88, "struct ak_op is a wire format");

struct ak_program {
	uint32_t magic;
	uint32_t size;         /* bytes of the whole blob */
	uint32_t first_count;  /* operations of the init or of the call's mini-init */
	uint32_t second_count; /* operations of the call's own process */
	uint32_t ops_offset;
	uint32_t fixups_offset; /* of uint32_t offsets at which the blob's address is added */
	uint32_t fixups_count;
	uint32_t reserved;
};
_Static_assert(sizeof(struct ak_program) == 32, "struct ak_program is a wire format");

enum ak_request_kind {
	AK_REQUEST_RUN = 1,    /* descriptors: program, then up to seven for registers 1... */
	AK_REQUEST_SPAWN = 2,  /* the same, run in a new child */
	AK_REQUEST_SIGNAL = 3, /* SIGKILL ends the call's whole tree, others go to its process group */
};

struct ak_request {
	uint32_t kind;
	uint32_t call;
	int32_t signal;
	uint32_t return_count; /* registers whose descriptors come back */
	uint32_t returns[8];
	uint32_t spawn_flags; /* CLONE_NEW* of a call */
	uint32_t reserved[3];
};
_Static_assert(sizeof(struct ak_request) == 64, "struct ak_request is a wire format");

enum ak_report_kind {
	AK_REPORT_DONE = 1,   /* a RUN request ended well */
	AK_REPORT_FAILED = 2, /* a step failed: stage and error say which and why */
	AK_REPORT_EXITED = 3, /* the call's main process ended with a wait status */
	AK_REPORT_GONE = 4,   /* nothing of the call is left */
};

struct ak_report {
	uint32_t kind;
	uint32_t call;
	uint32_t stage;
	int32_t error;
	int32_t status;
	uint32_t reserved;
};
_Static_assert(sizeof(struct ak_report) == 24, "struct ak_report is a wire format");

/* Stages that the C code itself reports. Stages of a program's operations start at 100 and are named in Swift. */
enum ak_stage {
	AK_STAGE_CLONE = 1,
	AK_STAGE_CHILD_DESCRIPTORS = 2,
	AK_STAGE_CHILD_CAPABILITIES = 3,
	AK_STAGE_CHILD_EXEC = 4,
	AK_STAGE_INIT_START = 5,
	AK_STAGE_INIT_REQUEST = 6,
	AK_STAGE_INIT_PROGRAM = 7,
	AK_STAGE_INIT_SPAWN = 8,
	AK_STAGE_CALL_START = 9,
};

/* The machine code of the init, for the image that is exec'd. */
const void *_Nonnull ak_init_code(uint32_t *_Nonnull length, uint32_t *_Nonnull entry);

struct ak_clone_plan {
	int32_t control_fd;
	int32_t host_fd;
	int32_t image_fd;
	int32_t null_fd;
	uint64_t flags;
};

struct ak_clone_result {
	int32_t pid;
	int32_t pidfd;
	uint32_t stage;
	int32_t error;
};

/* Starts the init in new namespaces; returns when it was exec'd or failed. A failed child is reaped. */
struct ak_clone_result ak_clone_init(const struct ak_clone_plan *_Nonnull plan);

/* A descriptor of a user namespace with these id maps, for an id-mapped mount. Negative errno on failure. */
int32_t ak_user_namespace(const char *_Nonnull uid_map, uint32_t uid_length, const char *_Nonnull gid_map, uint32_t gid_length);

/* A raw system call; negative errno on failure. */
int64_t ak_syscall(int64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

/* One message with descriptors; negative errno on failure, 0 at the end. Received descriptors are close-on-exec. */
int64_t ak_send(int32_t fd, const void *_Nonnull bytes, uint32_t length, const int32_t *_Nonnull fds, uint32_t count);
int64_t ak_receive(int32_t fd, void *_Nonnull bytes, uint32_t capacity, int32_t *_Nonnull fds, uint32_t capacity_fds,
		   uint32_t *_Nonnull count);

/* Takes an id for this thread's file access and keeps its capabilities; and back. Negative errno on failure. */
int32_t ak_assume_file_identity(uint32_t uid, uint32_t gid);

/* Runs a function on a new detached thread; negative errno on failure. */
int32_t ak_start_thread(void (*_Nonnull body)(void *_Nonnull), void *_Nonnull context);

#endif
