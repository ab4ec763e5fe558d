// SPDX-License-Identifier: Apache-2.0

#include "include/CSeccomp.h"

#include <errno.h>
#include <seccomp.h>
#include <stddef.h>

#define AK_COMPARISONS 6
#define AK_OPTIMIZE_TREE 2

static uint32_t ak_action(enum ak_filter_action action, uint32_t error)
{
	if (action == AK_FILTER_ALLOW) {
		return SCMP_ACT_ALLOW;
	}
	if (action == AK_FILTER_ERRNO) {
		return SCMP_ACT_ERRNO(error);
	}
	return SCMP_ACT_KILL_PROCESS;
}

void *ak_filter_new(enum ak_filter_action action, uint32_t error)
{
	scmp_filter_ctx filter = seccomp_init(ak_action(action, error));

	if (filter == NULL) {
		return NULL;
	}
	if (seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0 ||
	    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, AK_OPTIMIZE_TREE) != 0) {
		seccomp_release(filter);
		return NULL;
	}
	return filter;
}

int32_t ak_filter_rule(void *filter, enum ak_filter_action action, uint32_t error, int32_t number,
		       const struct ak_filter_comparison *comparisons, uint32_t count)
{
	struct scmp_arg_cmp compared[AK_COMPARISONS];

	if (count > AK_COMPARISONS) {
		return -EINVAL;
	}
	for (uint32_t i = 0; i < count; i++) {
		compared[i] = SCMP_CMP64(comparisons[i].argument, SCMP_CMP_MASKED_EQ, comparisons[i].mask, comparisons[i].value);
	}
	return seccomp_rule_add_array(filter, ak_action(action, error), number, count, count == 0 ? NULL : compared);
}

int32_t ak_filter_number(const char *name)
{
	return seccomp_syscall_resolve_name(name);
}

int32_t ak_filter_export(void *filter, int32_t fd)
{
	return seccomp_export_bpf(filter, fd);
}

void ak_filter_free(void *filter)
{
	seccomp_release(filter);
}
