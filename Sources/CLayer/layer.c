/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLayer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

_Static_assert(AK_LAYER_O_PATH == O_PATH, "O_PATH differs on this machine");

static int ak_layer_path(char out[PATH_MAX], const uint8_t *path, size_t length)
{
	if (length == 0 || length >= PATH_MAX)
		return length == 0 ? -ENOENT : -ENAMETOOLONG;
	if (memchr(path, 0, length))
		return -EINVAL;
	memcpy(out, path, length);
	out[length] = 0;
	return 0;
}

static long ak_layer_result(long result)
{
	return result < 0 ? -errno : result;
}

static void ak_layer_fill(struct ak_layer_stat *out, const struct stat *from)
{
	out->device = from->st_dev;
	out->inode = from->st_ino;
	out->size = from->st_size < 0 ? 0 : (uint64_t)from->st_size;
	out->special = from->st_rdev;
	out->modified_seconds = from->st_mtim.tv_sec;
	out->modified_nanoseconds = from->st_mtim.tv_nsec;
	out->changed_seconds = from->st_ctim.tv_sec;
	out->changed_nanoseconds = from->st_ctim.tv_nsec;
	out->mode = from->st_mode;
	out->links = (uint32_t)from->st_nlink;
	out->owner = from->st_uid;
	out->group = from->st_gid;
}

int ak_layer_open(int dir, const uint8_t *path, size_t length, uint64_t flags,
		  uint64_t mode, uint64_t resolve)
{
	char buffer[PATH_MAX];
	struct open_how how = { .flags = flags, .mode = mode, .resolve = resolve };
	int failed = ak_layer_path(buffer, path, length);
	long fd;

	if (failed)
		return failed;
	/* EAGAIN: a rename ran beside the lookup and `..` could not be judged. */
	for (int attempt = 0; attempt < 16; attempt++) {
		fd = syscall(SYS_openat2, dir, buffer, &how, sizeof(how));
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	return (int)ak_layer_result(fd);
}

int ak_layer_open_plain(const uint8_t *path, size_t length, int flags)
{
	char buffer[PATH_MAX];
	int failed = ak_layer_path(buffer, path, length);

	if (failed)
		return failed;
	return (int)ak_layer_result(open(buffer, flags | O_CLOEXEC));
}

int ak_layer_reopen(int fd, int flags)
{
	char buffer[40];

	snprintf(buffer, sizeof(buffer), "/proc/self/fd/%d", fd);
	return (int)ak_layer_result(open(buffer, flags | O_CLOEXEC));
}

int ak_layer_close(int fd)
{
	return (int)ak_layer_result(close(fd));
}

int ak_layer_dup(int fd)
{
	return (int)ak_layer_result(fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

int ak_layer_fstat(int fd, struct ak_layer_stat *out)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -errno;
	ak_layer_fill(out, &st);
	return 0;
}

int ak_layer_stat_at(int dir, const uint8_t *name, size_t length,
		     struct ak_layer_stat *out)
{
	char buffer[PATH_MAX];
	struct stat st;
	int failed = ak_layer_path(buffer, name, length);

	if (failed)
		return failed;
	if (fstatat(dir, buffer, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return -errno;
	ak_layer_fill(out, &st);
	return 0;
}

long ak_layer_readlink(int fd, uint8_t *out, size_t capacity)
{
	return ak_layer_result(readlinkat(fd, "", (char *)out, capacity));
}

long ak_layer_list(int fd, uint8_t *out, size_t capacity)
{
	return ak_layer_result(syscall(SYS_getdents64, fd, out, capacity));
}

long ak_layer_read(int fd, uint8_t *out, size_t capacity)
{
	long count;

	do {
		count = read(fd, out, capacity);
	} while (count < 0 && errno == EINTR);
	return ak_layer_result(count);
}

long ak_layer_write(int fd, const uint8_t *bytes, size_t length)
{
	long count;

	do {
		count = write(fd, bytes, length);
	} while (count < 0 && errno == EINTR);
	return ak_layer_result(count);
}

int ak_layer_mkdir(int dir, const uint8_t *name, size_t length, uint32_t mode)
{
	char buffer[PATH_MAX];
	int failed = ak_layer_path(buffer, name, length);

	if (failed)
		return failed;
	return (int)ak_layer_result(mkdirat(dir, buffer, mode));
}

int ak_layer_symlink(const uint8_t *target, size_t target_length, int dir,
		     const uint8_t *name, size_t length)
{
	char from[PATH_MAX];
	char buffer[PATH_MAX];
	int failed = ak_layer_path(from, target, target_length);

	if (!failed)
		failed = ak_layer_path(buffer, name, length);
	if (failed)
		return failed;
	return (int)ak_layer_result(symlinkat(from, dir, buffer));
}

int ak_layer_unlink(int dir, const uint8_t *name, size_t length, int directory)
{
	char buffer[PATH_MAX];
	int failed = ak_layer_path(buffer, name, length);

	if (failed)
		return failed;
	return (int)ak_layer_result(unlinkat(dir, buffer, directory ? AT_REMOVEDIR : 0));
}

int ak_layer_rename(int from, const uint8_t *name, size_t length, int to,
		    const uint8_t *new_name, size_t new_length, uint32_t flags)
{
	char buffer[PATH_MAX];
	char new_buffer[PATH_MAX];
	int failed = ak_layer_path(buffer, name, length);

	if (!failed)
		failed = ak_layer_path(new_buffer, new_name, new_length);
	if (failed)
		return failed;
	return (int)ak_layer_result(syscall(SYS_renameat2, from, buffer, to, new_buffer, flags));
}

int ak_layer_chmod(int fd, uint32_t mode)
{
	return (int)ak_layer_result(fchmod(fd, mode));
}

int ak_layer_chown(int fd, uint32_t owner, uint32_t group)
{
	return (int)ak_layer_result(fchown(fd, owner, group));
}

int ak_layer_chown_at(int dir, const uint8_t *name, size_t length,
		      uint32_t owner, uint32_t group)
{
	char buffer[PATH_MAX];
	int failed = ak_layer_path(buffer, name, length);

	if (failed)
		return failed;
	return (int)ak_layer_result(fchownat(dir, buffer, owner, group, AT_SYMLINK_NOFOLLOW));
}

int ak_layer_set_times(int fd, int64_t seconds, int64_t nanoseconds)
{
	struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_sec = seconds, .tv_nsec = nanoseconds },
	};

	return (int)ak_layer_result(futimens(fd, times));
}

int ak_layer_set_times_at(int dir, const uint8_t *name, size_t length,
			  int64_t seconds, int64_t nanoseconds)
{
	char buffer[PATH_MAX];
	struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_sec = seconds, .tv_nsec = nanoseconds },
	};
	int failed = ak_layer_path(buffer, name, length);

	if (failed)
		return failed;
	return (int)ak_layer_result(utimensat(dir, buffer, times, AT_SYMLINK_NOFOLLOW));
}

long ak_layer_get_attribute(int fd, const char *name, uint8_t *out,
			    size_t capacity)
{
	return ak_layer_result(fgetxattr(fd, name, out, capacity));
}

int ak_layer_set_attribute(int fd, const char *name, const uint8_t *value,
			   size_t length)
{
	return (int)ak_layer_result(fsetxattr(fd, name, value, length, 0));
}

int ak_layer_sync(int fd)
{
	return (int)ak_layer_result(fsync(fd));
}

int ak_layer_sync_data(int fd)
{
	return (int)ak_layer_result(fdatasync(fd));
}

int ak_layer_clone(int to, int from)
{
	return (int)ak_layer_result(ioctl(to, FICLONE, from));
}

int ak_layer_random(uint8_t *out, size_t length)
{
	ssize_t count = getrandom(out, length, 0);

	if (count < 0)
		return -errno;
	return (size_t)count == length ? 0 : -EIO;
}

int ak_layer_now(int64_t *seconds, int64_t *nanoseconds)
{
	struct timespec now;

	/* The coarse clock is the one that file systems stamp with. */
	if (clock_gettime(CLOCK_REALTIME_COARSE, &now) != 0)
		return -errno;
	*seconds = now.tv_sec;
	*nanoseconds = now.tv_nsec;
	return 0;
}

uint32_t ak_layer_effective_user(void)
{
	return geteuid();
}
