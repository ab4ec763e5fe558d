// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

#include <sys/mount.h>

/* Where the caller is a plain user, a user namespace of its own makes the mount interface reachable: that is the attack. */
static void gain(void) { (void)(unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0); }

static int mount_tmpfs(void)
{
	gain();
	return mount("none", "/tmp", "tmpfs", 0, "") == 0;
}

static int open_file_system(void)
{
	gain();
	return syscall(430 /* fsopen */, "tmpfs", 0) >= 0;
}

static int clone_tree(void)
{
	gain();
	return syscall(428 /* open_tree */, AT_FDCWD, "/", 1 | O_CLOEXEC | 0x8000) >= 0;
}

static int detach(void)
{
	gain();
	return mount("none", "/tmp", "tmpfs", 0, "") == 0 && umount2("/tmp", MNT_DETACH) == 0;
}

static int change_root(void)
{
	gain();
	return chroot("/tmp") == 0;
}

static int by_handle(void)
{
	struct {
		unsigned bytes;
		int type;
		unsigned char handle[128];
	} file = {.bytes = 128};
	int id;
	return syscall(SYS_name_to_handle_at, AT_FDCWD, "/usr", &file, &id, 0) == 0;
}

int main(void)
{
	attempt("mount", mount_tmpfs);
	attempt("fsopen", open_file_system);
	attempt("open_tree", clone_tree);
	attempt("umount", detach);
	attempt("chroot", change_root);
	attempt("name_to_handle_at", by_handle);
	return 0;
}
