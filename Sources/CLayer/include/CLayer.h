/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AK_CLAYER_H
#define AK_CLAYER_H

#include <stddef.h>
#include <stdint.h>

/*
 * Every function returns a value >= 0, or a negative errno. A path is a
 * pointer and a length without a terminator; one that holds a NUL byte or
 * does not fit PATH_MAX is refused before the kernel sees it.
 */

/* O_PATH, which needs _GNU_SOURCE; checked against the system's in layer.c. */
#define AK_LAYER_O_PATH 0x200000

struct ak_layer_stat {
	uint64_t device;
	uint64_t inode;
	uint64_t size;
	uint64_t special;
	int64_t modified_seconds;
	int64_t modified_nanoseconds;
	int64_t changed_seconds;
	int64_t changed_nanoseconds;
	uint32_t mode;
	uint32_t links;
	uint32_t owner;
	uint32_t group;
};

int ak_layer_open(int dir, const uint8_t *path, size_t length, uint64_t flags,
		  uint64_t mode, uint64_t resolve);
int ak_layer_open_plain(const uint8_t *path, size_t length, int flags);
int ak_layer_reopen(int fd, int flags);
int ak_layer_close(int fd);
int ak_layer_dup(int fd);
int ak_layer_fstat(int fd, struct ak_layer_stat *out);
int ak_layer_stat_at(int dir, const uint8_t *name, size_t length,
		     struct ak_layer_stat *out);
long ak_layer_readlink(int fd, uint8_t *out, size_t capacity);
long ak_layer_list(int fd, uint8_t *out, size_t capacity);
long ak_layer_read(int fd, uint8_t *out, size_t capacity);
long ak_layer_write(int fd, const uint8_t *bytes, size_t length);
int ak_layer_mkdir(int dir, const uint8_t *name, size_t length, uint32_t mode);
int ak_layer_symlink(const uint8_t *target, size_t target_length, int dir,
		     const uint8_t *name, size_t length);
int ak_layer_unlink(int dir, const uint8_t *name, size_t length, int directory);
int ak_layer_rename(int from, const uint8_t *name, size_t length, int to,
		    const uint8_t *new_name, size_t new_length, uint32_t flags);
int ak_layer_chmod(int fd, uint32_t mode);
int ak_layer_chown(int fd, uint32_t owner, uint32_t group);
int ak_layer_chown_at(int dir, const uint8_t *name, size_t length,
		      uint32_t owner, uint32_t group);
int ak_layer_set_times(int fd, int64_t seconds, int64_t nanoseconds);
int ak_layer_set_times_at(int dir, const uint8_t *name, size_t length,
			  int64_t seconds, int64_t nanoseconds);
long ak_layer_get_attribute(int fd, const char *name, uint8_t *out,
			    size_t capacity);
int ak_layer_set_attribute(int fd, const char *name, const uint8_t *value,
			   size_t length);
int ak_layer_sync(int fd);
int ak_layer_sync_data(int fd);
int ak_layer_clone(int to, int from);
int ak_layer_random(uint8_t *out, size_t length);
int ak_layer_now(int64_t *seconds, int64_t *nanoseconds);
uint32_t ak_layer_effective_user(void);

/* Compresses whole 64-byte blocks into a SHA-256 state (FIPS 180-4). */
void ak_layer_sha256_blocks(uint32_t *state, const uint8_t *bytes,
			    size_t blocks);

#endif
