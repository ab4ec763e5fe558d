// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

/* Opens every family with every type, and the protocols that have holes of their own. */
int main(void)
{
	static const int types[] = {1, 2, 3, 4, 5, 6, 10};
	static const struct {
		int family, type, protocol;
		const char *name;
	} special[] = {
		{AF_INET, SOCK_STREAM, 262, "MPTCP"},   {AF_INET6, SOCK_STREAM, 262, "MPTCP6"}, {AF_INET, SOCK_STREAM, 132, "SCTP"},
		{AF_INET, SOCK_DGRAM, 136, "UDPLITE"},  {AF_INET, SOCK_DGRAM, 1, "ping"},	{AF_INET, SOCK_RAW, 1, "raw"},
		{AF_NETLINK, SOCK_RAW, 4, "sock_diag"}, {AF_NETLINK, SOCK_RAW, 9, "audit"},	{AF_NETLINK, SOCK_RAW, 15, "uevent"},
		{AF_NETLINK, SOCK_RAW, 16, "generic"},  {AF_NETLINK, SOCK_RAW, 12, "netfilter"},
	};

	for (long family = 0; family <= 45; family++) {
		for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
			long fd = syscall(SYS_socket, family, (long)types[i], 0L);
			long high = syscall(SYS_socket, family | 1L << 40, (long)types[i], 0L);
			if (fd >= 0 || high >= 0) {
				printf("FAMILY %ld TYPE %d\n", family, types[i]);
			}
			close((int)fd);
			close((int)high);
		}
	}
	for (unsigned i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		if (socket(special[i].family, special[i].type, special[i].protocol) >= 0) {
			reached(special[i].name);
		}
	}
	return 0;
}
