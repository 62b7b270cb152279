/* Files: read within a bound, replaced whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

/* The linker sends the room's calls here. `trouble`: every other call is interrupted and
 * a read or write takes 3 bytes at most. `fail`: the call of that name fails. */
static bool trouble;
static const char *fail = "";
static int turn;

static bool interrupted(void)
{
	if (!trouble || ++turn % 2 == 0)
		return false;
	errno = EINTR;
	return true;
}

static bool failing(const char *name, int reason)
{
	if (strcmp(fail, name) != 0)
		return false;
	errno = reason;
	return true;
}

/* The next call of that name: as on a non-blocking descriptor that is not ready yet. */
static bool later(const char *name)
{
	if (!failing(name, EAGAIN))
		return false;
	fail = "";
	return true;
}

ssize_t __real_read(int descriptor, void *bytes, size_t count);
ssize_t __wrap_read(int descriptor, void *bytes, size_t count);
ssize_t __wrap_read(int descriptor, void *bytes, size_t count)
{
	if (failing("read", EIO) || interrupted() || later("read later"))
		return -1;
	if (strcmp(fail, "another writes") == 0)
		assert_int_equal(truncate("a", 3), 0);
	if (strcmp(fail, "another touches") == 0)
		assert_int_equal(futimens(descriptor, (const struct timespec[2]){{1, 0}, {1, 0}}), 0);
	return __real_read(descriptor, bytes, trouble && count > 3 ? 3 : count);
}

ssize_t __real_write(int descriptor, const void *bytes, size_t count);
ssize_t __wrap_write(int descriptor, const void *bytes, size_t count);
ssize_t __wrap_write(int descriptor, const void *bytes, size_t count)
{
	if (failing("write", ENOSPC) || interrupted() || later("write later"))
		return -1;
	if (strcmp(fail, "write half") == 0 && count < 7)
		return failing("write half", ENOSPC), -1;
	return __real_write(descriptor, bytes,
			    (trouble || fail[0] != '\0') && count > 3 ? 3 : count);
}

int __real_fsync(int descriptor);
int __wrap_fsync(int descriptor);
int __wrap_fsync(int descriptor)
{
	return failing("fsync", EIO) ? -1 : __real_fsync(descriptor);
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
	return failing("rename", EXDEV) || failing("mounted", EBUSY) ? -1 : __real_rename(from, to);
}

int __real_linkat(int from_folder, const char *from, int to_folder, const char *to, int flags);
int __wrap_linkat(int from_folder, const char *from, int to_folder, const char *to, int flags);
int __wrap_linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
	return failing("linkat", EACCES) ? -1
					 : __real_linkat(from_folder, from, to_folder, to, flags);
}

/* ---- a folder for each test, which becomes the working folder ---- */

static char home[PATH_MAX], folder[] = "/tmp/lrscope-test-XXXXXX";

static int enter(void **unused)
{
	(void)unused;
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	trouble = false;
	fail = "";
	return getcwd(home, sizeof home) == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int leave(void **unused)
{
	char command[100];

	(void)unused;
	fail = "";
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return chdir(home) != 0 || system(command) != 0;
}

/* Files and folders in the folder. */
static int entries(const char *path)
{
	DIR *stream = opendir(path);
	struct dirent *entry;
	int count = 0;

	assert_non_null(stream);
	while ((entry = readdir(stream)) != NULL)
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(stream);
	return count;
}

static void check_content(const char *path, const char *wanted)
{
	struct error error = {ERROR_NONE, ""};
	struct text text;

	text_init(&text);
	if (!file_read(&text, path, 1000, &error))
		fail_msg("%s", error.text);
	assert_string_equal(text.bytes, wanted);
	text_done(&text);
}

static void check_write(const char *path, const char *content)
{
	struct error error;

	if (!file_write(path, content, strlen(content), &error))
		fail_msg("%s", error.text);
}

static void check_no_write(const char *path, const char *wanted)
{
	struct error error = {ERROR_NONE, ""};

	assert_false(file_write(path, "new content", 11, &error));
	assert_int_equal(error.kind, ERROR_FILE);
	assert_string_equal(error.text, wanted);
	assert_false(file_write(path, "new content", 11, NULL));
}

static mode_t mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

/* ---- reading ---- */

static void check_no_read(const char *path, size_t limit, const char *wanted)
{
	struct error error = {ERROR_NONE, ""};
	struct text text;

	text_init(&text);
	text_add(&text, "before");
	assert_false(file_read(&text, path, limit, &error));
	assert_int_equal(error.kind, ERROR_FILE);
	assert_string_equal(error.text, wanted);
	assert_string_equal(text.bytes, "before");
	assert_int_equal(text.length, 6);
	text_done(&text);
}

static void test_read(void **unused)
{
	struct error error;
	struct text text;

	(void)unused;
	check_write("a", "0123456789");
	check_content("a", "0123456789");
	text_init(&text);
	text_add(&text, ">");
	assert_true(file_read(&text, "a", 10, &error));
	assert_true(file_read(&text, "a", 10, &error));
	assert_string_equal(text.bytes, ">01234567890123456789");
	text_clear(&text);
	assert_true(file_write("nul", "a\0b", 3, &error));
	assert_true(file_read(&text, "nul", 3, &error));
	assert_int_equal(text.length, 3);
	assert_memory_equal(text.bytes, "a\0b", 4);
	text_done(&text);

	check_write("mark", "\xef\xbb\xbf\xef\xbb\xbfx");
	check_content("mark", "\xef\xbb\xbfx");
	check_write("mark", "\xef\xbb\xbf");
	check_content("mark", "");
	check_write("mark", "\xef\xbb");
	check_content("mark", "\xef\xbb");
	check_no_read("a", 9, "'a' is longer than 9 bytes");
	check_no_read("/dev/zero", 100000, "'/dev/zero' is longer than 100000 bytes");
	check_no_read(".", 9, "cannot read '.': it is a folder");
	check_no_read("none", 9, "cannot open 'none': No such file or directory");
	check_no_read("a/b", 9, "cannot open 'a/b': Not a directory");
	check_no_read("no\nne", 9, "cannot open 'no^Jne': No such file or directory");
	trouble = true;
	check_content("a", "0123456789");
	trouble = false;
	fail = "read";
	check_no_read("a", 99, "cannot read 'a': Input/output error");
	/* Old and new could be mixed. */
	fail = "another touches";
	check_no_read("a", 99, "'a' changed while it was read");
	fail = "another writes";
	check_no_read("a", 99, "'a' changed while it was read");
}

/* At the screen only files are opened, and nothing waits. */
static void test_regular_only(void **unused)
{
	static const struct { const char *path, *part; } cases[] = {
		{"-", "'-' is where the keys come from: name it on the command line"},
		{"pipe", "'pipe' is a pipe: name it on the command line, or use a file"},
		{"link", "'link' is a pipe"}, {"/dev/null", "is a device"}, {"/dev/tty", "is a device"},
		{".", "it is a folder"}, {"none", "No such file"},
	};
	struct error error;
	struct text text;

	(void)unused;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(symlink("pipe", "link"), 0);
	text_init(&text);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (strcmp(cases[i].path, "/dev/tty") == 0 && access("/dev/tty", F_OK) != 0)
			continue;
		assert_false(file_read_of(&text, cases[i].path, 100, FILE_REGULAR, &error));
		if (strstr(error.text, cases[i].part) == NULL)
			fail_msg("%s: %s", cases[i].path, error.text);
	}
	assert_false(file_write_of("pipe", "x", 1, FILE_REGULAR, &error));
	assert_non_null(strstr(error.text, "'pipe' is a pipe"));
	assert_false(file_write_of("link", "x", 1, FILE_REGULAR, &error));
	assert_false(file_write_of("/dev/null", "x", 1, FILE_REGULAR, &error));
	assert_true(file_write_of("a", "content", 7, FILE_REGULAR, &error));
	assert_true(file_read_of(&text, "a", 100, FILE_REGULAR, &error));
	assert_string_equal(text.bytes, "content");
	text_done(&text);
}

/* Of a path that leaves no room for the reason the end is shown, in whole characters. */
static void test_long_names(void **unused)
{
	char path[1500], out[FILE_SHOWN];
	struct error error;
	struct text text;

	(void)unused;
	memset(path, 'x', 200);
	path[200] = '\0';
	assert_ptr_equal(file_shown(out, path), path);
	strcpy(path + 200, "y");
	assert_string_equal(file_shown(out, path) + 3, path + 1);
	assert_memory_equal(out, "...", 3);
	for (int more = 0; more < 8; more++) { /* U+1F600, cut at each byte of it */
		strcpy(path, "");
		for (int i = 0; i < 60; i++)
			strcat(path, "\xf0\x9f\x98\x80");
		memset(path + 240, 'x', (size_t)more);
		path[240 + more] = '\0';
		assert_ptr_equal(file_shown(out, path), out);
		assert_memory_equal(out, "...\xf0", 4);
		assert_int_equal(strlen(out), 203 - (4 - more % 4) % 4);
	}
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	text_init(&text);
	for (int call = 0; call < 4; call++) {
		assert_false(call == 0   ? file_read(&text, path, 9, &error)
			     : call == 1 ? file_write(path, "x", 1, &error)
			     : call == 2 ? file_make_folder(path, &error)
					 : file_is_of(FILE_REGULAR, S_IFIFO, path, &error));
		assert_non_null(strstr(error.text, call < 3 ? "xxx': File name too long"
							    : "xxx' is a pipe: name it"));
		assert_non_null(strstr(error.text, "'...xxx"));
		assert_true(strlen(error.text) < 400);
	}
	text_done(&text);
}

/* A descriptor that a parent left non-blocking is waited for, but not at the screen. */
static void test_not_ready(void **unused)
{
	struct error error;
	struct text text;
	char path[40];
	int file = open("a", O_WRONLY | O_CREAT, 0600);

	(void)unused;
	snprintf(path, sizeof path, "/dev/fd/%d", file);
	fail = "write later";
	check_write(path, "content");
	assert_string_equal(fail, "");
	close(file);
	fail = "read later";
	check_content("a", "content");
	assert_string_equal(fail, "");
	fail = "read later";
	text_init(&text);
	assert_false(file_read_of(&text, "a", 100, FILE_REGULAR, &error));
	assert_string_equal(error.text, "cannot read 'a': Resource temporarily unavailable");
	text_done(&text);
}

static void test_read_standard_input(void **unused)
{
	struct error error;
	struct text text;
	int kept = dup(STDIN_FILENO), pipes[2];

	(void)unused;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "from a pipe", 11), 11);
	close(pipes[1]);
	dup2(pipes[0], STDIN_FILENO);
	close(pipes[0]);
	text_init(&text);
	assert_true(file_read(&text, "-", 100, &error));
	assert_string_equal(text.bytes, "from a pipe");
	assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1); /* still open */
	text_done(&text);
	if (kept >= 0) {
		dup2(kept, STDIN_FILENO);
		close(kept);
	}
}

/* ---- writing ---- */

static void test_write(void **unused)
{
	mode_t mask = umask(027);

	(void)unused;
	check_write("a", "first");
	check_content("a", "first");
	assert_int_equal(mode_of("a"), 0640); /* as any new file */
	umask(mask);
	assert_int_equal(chmod("a", 0604), 0);
	check_write("a", "second");
	check_content("a", "second");
	assert_int_equal(mode_of("a"), 0604);
	check_write("a", "");
	check_content("a", "");
	assert_int_equal(entries("."), 1);
	trouble = true;
	check_write("a", "in pieces of three bytes");
	check_content("a", "in pieces of three bytes");
	assert_int_equal(entries("."), 1);
}

static void test_links(void **unused)
{
	struct stat status;

	(void)unused;
	assert_int_equal(mkdir("real", 0700), 0);
	assert_int_equal(mkdir("links", 0700), 0);
	check_write("real/a", "old");
	assert_int_equal(symlink("../real/a", "links/one"), 0);
	assert_int_equal(symlink("links/one", "two"), 0);
	check_write("two", "through two links");
	check_content("real/a", "through two links");
	assert_int_equal(lstat("two", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_int_equal(entries("links"), 1);

	assert_int_equal(symlink("../real/b", "links/later"), 0); /* to a file that is not there */
	check_write("links/later", "made");
	check_content("real/b", "made");
	assert_int_equal(lstat("links/later", &status), 0);
	assert_true(S_ISLNK(status.st_mode));

	assert_int_equal(symlink("loop", "loop"), 0);
	check_no_write("loop", "cannot write 'loop': Too many levels of symbolic links");
}

/* Whatever step fails: the old content is there, and nothing else. */
static void test_failures(void **unused)
{
	static const struct { const char *call, *reason; } cases[] = {
		{"write", "cannot write 'a': No space left on device"},
		{"write half", "cannot write 'a': No space left on device"},
		{"fsync", "cannot write 'a': Input/output error"},
		{"rename", "cannot write 'a': Invalid cross-device link"},
	};
	char huge[PATH_MAX + 10];
	size_t i;

	(void)unused;
	check_write("a", "old");
	assert_int_equal(chmod("a", 0600), 0);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		fail = cases[i].call;
		check_no_write("a", cases[i].reason);
		fail = "";
		check_content("a", "old");
		assert_int_equal(mode_of("a"), 0600);
		assert_int_equal(entries("."), 1);
	}
	fail = "rename";
	assert_false(file_write("new", "x", 1, NULL));
	fail = "";
	assert_int_equal(entries("."), 1);

	check_no_write("a/b", "cannot write 'a/b': Not a directory");
	check_no_write("none/b", "cannot write 'none/b': No such file or directory");
	check_no_write(".", "cannot write '.': it is a folder");
	memset(huge, 'a', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	assert_false(file_write(huge, "x", 1, NULL));
	huge[300] = '\0'; /* longer than a name, shorter than a path */
	assert_false(file_write(huge, "x", 1, NULL));
	check_no_write("", "cannot write '': No such file or directory");
	check_content("a", "old");
	assert_int_equal(entries("."), 1);
}

/* A file that is a mount of its own, as containers have them, cannot be replaced: it is written to. */
static void test_mounted(void **unused)
{
	struct stat before, after;

	(void)unused;
	check_write("a", "old, and longer than what comes");
	assert_int_equal(stat("a", &before), 0);
	fail = "mounted";
	check_write("a", "new");
	fail = "";
	check_content("a", "new");
	assert_int_equal(stat("a", &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(entries("."), 1);
}

static void test_devices(void **unused)
{
	struct stat status;

	(void)unused;
	check_write("/dev/null", "gone");
	assert_int_equal(stat("/dev/null", &status), 0);
	assert_true(S_ISCHR(status.st_mode));
	if (access("/dev/full", W_OK) == 0)
		check_no_write("/dev/full", "cannot write '/dev/full': No space left on device");
}

/* Root may write anywhere, so this says something for other users only. (cmocka's skip() is
 * "not ok" in TAP.) */
static void test_protected(void **unused)
{
	(void)unused;
	if (geteuid() == 0)
		return;
	check_write("a", "old");
	assert_int_equal(chmod("a", 0444), 0);
	check_no_write("a", "cannot write 'a': Permission denied");
	check_content("a", "old");
	assert_int_equal(mkdir("closed", 0500), 0);
	check_no_write("closed/a", "cannot write 'closed/a': Permission denied");
}

/* Only root can give a file away, so this says something for root only. */
static void test_owner(void **unused)
{
	const uid_t users[] = {geteuid(), 12345};
	const gid_t groups[] = {12345, getegid()};
	struct stat status;

	(void)unused;
	if (geteuid() != 0)
		return;
	for (int i = 0; i < 2; i++) {
		check_write("a", "old");
		if (chown("a", users[i], groups[i]) != 0)
			return; /* a user namespace that has no such id */
		check_write("a", "new");
		check_content("a", "new");
		assert_int_equal(stat("a", &status), 0);
		assert_int_equal(status.st_uid, users[i]);
		assert_int_equal(status.st_gid, groups[i]);
		assert_int_equal(unlink("a"), 0);
	}
}

/* Where a file cannot be without a name, or cannot get one later. */
static void test_names_at_once(void **unused)
{
	(void)unused;
	fail = "linkat";
	check_write("a", "first");
	assert_int_equal(chmod("a", 0604), 0);
	check_write("a", "second");
	fail = "";
	check_content("a", "second");
	assert_int_equal(mode_of("a"), 0604);
	assert_int_equal(entries("."), 1);
}

/* A temporary file of a process with this number is stepped over, and left. */
static void test_stale(void **unused)
{
	char name[100];

	(void)unused;
	snprintf(name, sizeof name, ".lrscope-%ld-0.tmp", (long)getpid());
	assert_int_equal(symlink("trap", name), 0);
	check_write("a", "content");
	check_content("a", "content");
	assert_int_not_equal(access("trap", F_OK), 0);
	assert_int_equal(entries("."), 2);
	fail = "linkat";
	check_write("a", "content");
	assert_int_not_equal(access("trap", F_OK), 0);
	assert_int_equal(entries("."), 2);
}

static void leave_one(char name[100], const char *before, pid_t process, const char *after)
{
	snprintf(name, 100, "%s%ld%s", before, (long)process, after);
	close(open(name, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(access(name, F_OK), 0);
}

/* What was left by a process that is gone is removed, and nothing else. */
static void test_swept(void **unused)
{
	static const char *const others[][2] = {{".lrscope-", "-0.tmp~"}, {".lrscope-", "-.tmp"},
						{".lrscope-+", "-0.tmp"}, {"lrscope-", "-0.tmp"}};
	char dead[2][100], living[100], name[100];
	pid_t child = fork();
	int status;

	(void)unused;
	if (child == 0)
		_exit(0);
	assert_int_equal(waitpid(child, &status, 0), child);
	leave_one(dead[0], ".lrscope-", child, "-0.tmp");
	leave_one(dead[1], ".lrscope-", child, "-17.tmp");
	leave_one(living, ".lrscope-", getppid(), "-0.tmp");
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		leave_one(name, others[i][0], child, others[i][1]);
	check_write("a", "content");
	for (int i = 0; i < 2; i++)
		assert_int_not_equal(access(dead[i], F_OK), 0);
	assert_int_equal(access(living, F_OK), 0);
	assert_int_equal(entries("."), 6);
}

/* Descriptors by name: a pipe takes the bytes, and no file appears that the name seems to be of. */
static void test_descriptors(void **unused)
{
	static const char *const folders[] = {"/dev/fd", "/proc/self/fd"};
	char path[40], bytes[20] = "";
	int pipes[2], gone, status;
	pid_t child;

	(void)unused;
	assert_int_equal(pipe(pipes), 0);
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%d", folders[i], pipes[1]);
		check_write(path, "bytes");
		assert_int_equal(read(pipes[0], bytes, 5), 5);
		assert_string_equal(bytes, "bytes");
	}
	close(pipes[0]);
	close(pipes[1]);
	gone = open("gone", O_RDWR | O_CREAT, 0600);
	assert_int_equal(write(gone, "what was there", 14), 14);
	assert_int_equal(unlink("gone"), 0);
	snprintf(path, sizeof path, "%s/%d", folders[1], gone);
	check_write(path, ", new");
	assert_int_equal(entries("."), 0);
	memset(bytes, 0, sizeof bytes);
	assert_int_equal(pread(gone, bytes, sizeof bytes, 0), 19);
	assert_memory_equal(bytes, "what was there, new", 19);
	/* Another's offset is out of reach. */
	snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long)getpid(), gone);
	child = fork();
	if (child == 0)
		_exit(!close(gone) && file_write(path, "newer", 5, NULL) ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(entries("."), 0);
	assert_int_equal(pread(gone, bytes, sizeof bytes, 0), 5);
	close(gone);
}

/* Of a descriptor that has a file open the offset and "append" count, whatever leads to it; nothing is
 * cut off, and the file stays that file. */
static void test_descriptor_of_a_file(void **unused)
{
	static const char *const folders[] = {"/dev/fd", "/proc/self/fd", "/proc/thread-self/../../fd"};
	char path[60];
	struct stat before, after;
	int appended, once;

	(void)unused;
	check_write("a", "precious ");
	assert_int_equal(stat("a", &before), 0);
	appended = open("a", O_WRONLY | O_APPEND);
	assert_true(appended >= 0);
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		snprintf(path, sizeof path, "%s/%d", folders[i], appended);
		check_write(path, "more ");
	}
	snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long)getpid(), appended);
	assert_int_equal(symlink(path, "link"), 0);
	check_write("link", "last");
	assert_true(file_write_of("link", "!", 1, FILE_REGULAR, NULL));
	check_content("a", "precious more more more last!");
	assert_int_equal(stat("a", &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	close(appended);
	check_no_write("link", "cannot write 'link': No such file or directory");

	once = open("a", O_RDONLY);
	snprintf(path, sizeof path, "/dev/fd/%d", once);
	assert_false(file_write(path, "new", 3, NULL));
	close(once);
	check_content("a", "precious more more more last!");
	/* The same names in another folder are those of files. */
	check_write("1", "one");
	check_content("1", "one");
	assert_int_equal(entries("."), 3);
}

/* ---- folders ---- */

static void test_folders(void **unused)
{
	struct error error;

	(void)unused;
	assert_true(file_make_folder("x/y//z/", &error));
	assert_int_equal(mode_of("x/y/z"), 0700);
	assert_true(file_make_folder("x/y/z", &error));
	assert_true(file_make_folder("/", &error));
	check_write("file", "");
	assert_false(file_make_folder("file/y", &error));
	assert_string_equal(error.text, "cannot make the folder 'file/y': Not a directory");
	assert_false(file_make_folder("file", &error));
	assert_false(file_make_folder("", &error));
	assert_int_equal(error.kind, ERROR_FILE);
}

static void test_xdg(void **unused)
{
	char out[100];

	(void)unused;
	setenv("HOME", "/h", 1);
	setenv("XDG_DATA_HOME", "/data", 1);
	assert_true(file_xdg(out, sizeof out, "XDG_DATA_HOME", ".local/share", "f"));
	assert_string_equal(out, "/data/lrscope/f");
	assert_false(file_xdg(out, 15, "XDG_DATA_HOME", ".local/share", "f"));
	assert_true(file_xdg(out, 16, "XDG_DATA_HOME", ".local/share", "f"));
	setenv("XDG_DATA_HOME", "relative", 1); /* to be ignored, as the rule says */
	assert_true(file_xdg(out, sizeof out, "XDG_DATA_HOME", ".local/share", "f"));
	assert_string_equal(out, "/h/.local/share/lrscope/f");
	unsetenv("XDG_DATA_HOME");
	assert_true(file_xdg(out, sizeof out, "XDG_DATA_HOME", ".local/share", "f"));
	assert_string_equal(out, "/h/.local/share/lrscope/f");
	setenv("HOME", "", 1);
	assert_false(file_xdg(out, sizeof out, "XDG_DATA_HOME", ".local/share", "f"));
	unsetenv("HOME");
	assert_false(file_xdg(out, sizeof out, "XDG_DATA_HOME", ".local/share", "f"));
}

static void test_home(void **unused)
{
	char out[10];

	(void)unused;
	setenv("HOME", "/my/home", 1);
	assert_true(file_home(out, sizeof out, "~/"));
	assert_string_equal(out, "/my/home/");
	assert_false(file_home(out, sizeof out, "~/x"));
	assert_true(file_home(out, sizeof out, "~me/x"));
	assert_string_equal(out, "~me/x");
	assert_true(file_home(out, sizeof out, "a~/x"));
	assert_string_equal(out, "a~/x");
	setenv("HOME", "", 1);
	assert_true(file_home(out, sizeof out, "~/x"));
	assert_string_equal(out, "~/x");
	unsetenv("HOME");
	assert_true(file_home(out, sizeof out, "~/x"));
	assert_string_equal(out, "~/x");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(test_read), IN_FOLDER(test_regular_only), IN_FOLDER(test_long_names),
		IN_FOLDER(test_not_ready), IN_FOLDER(test_read_standard_input), IN_FOLDER(test_write),
		IN_FOLDER(test_links), IN_FOLDER(test_failures), IN_FOLDER(test_mounted),
		IN_FOLDER(test_devices), IN_FOLDER(test_protected), IN_FOLDER(test_owner),
		IN_FOLDER(test_names_at_once), IN_FOLDER(test_stale), IN_FOLDER(test_swept),
		IN_FOLDER(test_descriptors), IN_FOLDER(test_descriptor_of_a_file), IN_FOLDER(test_folders),
		cmocka_unit_test(test_xdg), cmocka_unit_test(test_home),
	};

	return cmocka_run_group_tests_name("base: files", tests, NULL, NULL);
}
