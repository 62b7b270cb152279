/* Loaded before the C library (LD_PRELOAD): the n-th call of one kind fails, or ends the program as
 * SIGKILL would. All in one variable:
 *
 *	LRSCOPE_FAULT="KIND HOW N [COUNTS]"
 *
 * KIND   memory, sizeN (N bytes at once by malloc), clock (an hour goes by), stopped (an hour goes by
 *        while the program has itself stopped), write, sync, rename, link, open (for writing), any (these
 *        five, unlink and close), look (open for reading) and read, both of files that are named by a
 *        relative path
 * HOW    fail (ENOMEM, ENOSPC, EIO), always (from the n-th on), short (half of a write), kill,
 *        stop (SIGSTOP, then goes on as if nothing was), shrink and grow (the file that is read,
 *        under the reader)
 * COUNTS a file that gets the number of calls at the end
 * Calls to descriptors 0 to 2 are not counted as writes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static struct {
	int ready; /* 0: the environment was not read */
	char kind[16], how[16], counts[400];
	long at, calls;
	long ahead; /* of the clock, in seconds */
	int watched; /* the last file that was opened for reading by a relative path */
} fault;

static void read_fault(void)
{
	const char *word = getenv("LRSCOPE_FAULT");

	fault.ready = 1;
	if (!word || sscanf(word, "%15s %15s %ld %399s", fault.kind, fault.how, &fault.at,
			    fault.counts) < 3)
		fault.kind[0] = '\0';
}

/* True where this call fails; does not return where the program is to end. */
static int strikes(const char *kind)
{
	if (!fault.ready)
		read_fault();
	if (strcmp(fault.kind, kind) != 0 &&
	    (strcmp(fault.kind, "any") != 0 || !strcmp(kind, "memory") || !strcmp(kind, "clock") ||
	     !strcmp(kind, "stopped") || !strcmp(kind, "look") || !strcmp(kind, "read")))
		return 0;
	fault.calls++;
	if (fault.at <= 0 ||
	    (strcmp(fault.how, "always") == 0 ? fault.calls < fault.at : fault.calls != fault.at))
		return 0;
	if (strcmp(fault.how, "kill") == 0)
		syscall(SYS_exit_group, 137); /* nothing is flushed, no handler runs */
	if (strcmp(fault.how, "stop") == 0) {
		syscall(SYS_kill, syscall(SYS_getpid), SIGSTOP);
		return 0;
	}
	return 1;
}

__attribute__((destructor)) static void tell(void)
{
	char text[32];
	int descriptor, length;

	if (!fault.counts[0])
		return;
	descriptor = (int)syscall(SYS_openat, AT_FDCWD, fault.counts,
				  O_WRONLY | O_CREAT | O_TRUNC, 0600);
	length = snprintf(text, sizeof text, "%ld\n", fault.calls);
	if (descriptor >= 0)
		syscall(SYS_write, descriptor, text, length);
}

static long failed(int reason)
{
	errno = reason;
	return -1;
}

void *malloc(size_t size)
{
	char kind[16];

	if (!fault.ready)
		read_fault();
	if (strncmp(fault.kind, "size", 4) == 0) {
		snprintf(kind, sizeof kind, "size%zu", size);
		return strikes(kind) ? (errno = ENOMEM, NULL) : __libc_malloc(size);
	}
	return strikes("memory") ? (errno = ENOMEM, NULL) : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return strikes("memory") ? (errno = ENOMEM, NULL) : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return strikes("memory") ? (errno = ENOMEM, NULL) : __libc_realloc(old, size);
}

ssize_t write(int descriptor, const void *bytes, size_t count)
{
	if (descriptor > 2 && strikes("write")) {
		if (strcmp(fault.how, "short") != 0)
			return failed(ENOSPC);
		count = count / 2 + 1 < count ? count / 2 + 1 : count;
	}
	return syscall(SYS_write, descriptor, bytes, count);
}

/* Each strike is an hour that went by between two looks. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	int status = (int)syscall(SYS_clock_gettime, clock, now);

	if (strikes("clock"))
		fault.ahead += 3600;
	now->tv_sec += fault.ahead;
	return status;
}

/* A program without a shell is not stopped by this: it goes on at once, an hour later. */
int raise(int number)
{
	if (number == SIGTSTP && strikes("stopped"))
		fault.ahead += 3600;
	return (int)syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), number);
}

static void change(int descriptor)
{
	char path[64];
	int other;

	snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
	if (strcmp(fault.how, "shrink") == 0) {
		syscall(SYS_truncate, path, 40);
	} else if ((other = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND)) >= 0) {
		syscall(SYS_write, other, "7,7,7\n}", 7);
		syscall(SYS_close, other);
	}
}

ssize_t read(int descriptor, void *bytes, size_t count)
{
	if (descriptor > 2 && descriptor == fault.watched && strikes("read")) {
		if (strcmp(fault.how, "fail") == 0)
			return failed(EIO);
		change(descriptor);
	}
	return syscall(SYS_read, descriptor, bytes, count > 64 && fault.watched == descriptor &&
		       strcmp(fault.kind, "read") == 0 ? 64 : count);
}

int fsync(int descriptor)
{
	return strikes("sync") ? (int)failed(EIO) : (int)syscall(SYS_fsync, descriptor);
}

int rename(const char *from, const char *to)
{
	return strikes("rename") ? (int)failed(EIO)
				 : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
	return strikes("link") ? (int)failed(EIO)
			       : (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list list;

	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
		va_start(list, flags);
		mode = va_arg(list, mode_t);
		va_end(list);
	}
	if ((flags & O_ACCMODE) != O_RDONLY && strikes("open"))
		return (int)failed(EACCES);
	if ((flags & O_ACCMODE) == O_RDONLY && path[0] != '/') {
		if (!(flags & O_DIRECTORY) && strikes("look"))
			return (int)failed(EACCES);
		return fault.watched = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int unlink(const char *path)
{
	return strikes("unlink") ? (int)failed(EIO) : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int close(int descriptor)
{
	if (descriptor > 2 && strikes("close")) {
		syscall(SYS_close, descriptor);
		return (int)failed(EIO);
	}
	return (int)syscall(SYS_close, descriptor);
}
