// SPDX-License-Identifier: Apache-2.0
#ifndef AK_CSECCOMP_H
#define AK_CSECCOMP_H

#include <stdint.h>

/* A thin layer over libseccomp: its actions are function-like macros, which Swift can't see. */

enum ak_filter_action {
	AK_FILTER_ALLOW = 0,
	AK_FILTER_ERRNO = 1,
	AK_FILTER_KILL = 2,
};

struct ak_filter_comparison {
	uint32_t argument;
	uint32_t reserved;
	uint64_t mask;
	uint64_t value; /* (argument & mask) == value */
};

/* A new filter for this machine's own architecture only: every other is killed. NULL on failure. */
void *_Nullable ak_filter_new(enum ak_filter_action action, uint32_t error);

/* Negative errno on failure. */
int32_t ak_filter_rule(void *_Nonnull filter, enum ak_filter_action action, uint32_t error, int32_t number,
		       const struct ak_filter_comparison *_Nullable comparisons, uint32_t count);

/* A system call's number on this architecture; negative when it has none here. */
int32_t ak_filter_number(const char *_Nonnull name);

/* Writes the program as struct sock_filter[]; negative errno on failure. */
int32_t ak_filter_export(void *_Nonnull filter, int32_t fd);

void ak_filter_free(void *_Nonnull filter);

#endif
