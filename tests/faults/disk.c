/* A disk that is full, for real: a small tmpfs in a mount namespace of this process, so that nothing of
 * the machine is touched. Where it may not be mounted this is skipped: what fails then is shown by
 * `files`, with a limit on the length of files and with calls that fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults/process.h"
#include "terminal/pty.h"

#define DISK "size=128k,nr_inodes=24"
#define FULL "No space left on device"

static long page;
static char home[64], state[80], data[80];

/* ---- the disk ---- */

static bool put(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	return file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text) && close(file) == 0;
}

/* A user who is not root is root of a namespace of his own, if he may have one. */
static const char *own_namespace(void)
{
	char map[40], probe[] = "/tmp/lrscope-faults-XXXXXX";
	bool done;
	int user = (int)getuid(), group = (int)getgid();

	if (unshare(CLONE_NEWNS) != 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
			return "no mount namespace";
		snprintf(map, sizeof map, "0 %d 1", user);
		if (!put("/proc/self/setgroups", "deny") || !put("/proc/self/uid_map", map))
			return "no user namespace";
		snprintf(map, sizeof map, "0 %d 1", group);
		if (!put("/proc/self/gid_map", map))
			return "no user namespace";
	}
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return "mounts cannot be made private";
	if (!mkdtemp(probe))
		return "no folder";
	done = mount("none", probe, "tmpfs", 0, DISK) == 0 && umount2(probe, MNT_DETACH) == 0;
	rmdir(probe);
	return done ? NULL : "no tmpfs";
}

/* Takes all of the disk but so many pages. */
static void fill(int free_pages)
{
	static char zeros[4096];
	int file = open("filler", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	off_t length = 0;
	ssize_t count;

	assert_true(file >= 0);
	while ((count = write(file, zeros, sizeof zeros)) > 0)
		length += count;
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(ftruncate(file, length / page * page - free_pages * page), 0);
	close(file);
}

static void fill_names(void)
{
	char name[20];

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "name-%d", i);
		if (!put(name, ""))
			return;
	}
	fail_msg("names without end");
}

/* An empty disk. */
static int mount_disk(void **unused)
{
	(void)unused;
	return mount("none", "disk", "tmpfs", 0, DISK) != 0 || chdir("disk") != 0;
}

static int unmount_disk(void **unused)
{
	(void)unused;
	return chdir(folder) != 0 || umount2("disk", MNT_DETACH) != 0;
}

/* ---- batch ---- */

static const char old[] = "what was there before\n";

static void claim_refused(const char *what)
{
	claim_clean_end(what);
	if (!is_exit(&ran, 1) || !strstr(ran.err, FULL))
		fail_msg("%s: wait status %x: %s", what, (unsigned)ran.status, ran.err);
}

/* Files that a command writes, with so much room that it fails, or not: old or new, whole. */
static void files_are_old_or_new(void **unused)
{
	static const char *const forms[][WORDS] = {
		{"-c", "set max_lr 0.3; save ./out"}, {"-c", "code ./out"},
		{"-c", "dump ./out", "--size", "200x60"},
	};
	static char wanted[OUTPUT], found[OUTPUT];

	(void)unused;
	for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
		int pages, refused = 0;

		unlink("filler");
		run(&ran, forms[form], NULL);
		assert_true(is_exit(&ran, 0));
		read_file("out", wanted, sizeof wanted);
		for (pages = 0;; pages++) {
			for (int there = 0; there < 2; there++) {
				unlink("filler");
				unlink("out");
				if (there)
					assert_true(put("out", old));
				fill(pages);
				run(&ran, forms[form], NULL);
				read_file("out", found, sizeof found);
				assert_int_equal(left_over(), 0);
				if (is_exit(&ran, 0))
					break;
				claim_refused(forms[form][1]);
				assert_string_equal(found, there ? old : "");
				refused++;
			}
			if (is_exit(&ran, 0))
				break;
		}
		assert_string_equal(found, wanted);
		assert_int_equal(refused, 2 * pages);
		assert_int_equal(pages, ((long)strlen(wanted) + page - 1) / page);
	}
}

/* Room, but for no further name. */
static void no_name_is_left(void **unused)
{
	const char *const saves[WORDS] = {"-c", "save ./out"};
	static char found[OUTPUT];

	(void)unused;
	fill_names();
	run(&ran, saves, NULL);
	claim_refused("a new file");
	assert_true(put("name-0", old));
	assert_int_equal(rename("name-0", "out"), 0);
	run(&ran, saves, NULL);
	claim_refused("an old file");
	read_file("out", found, sizeof found);
	assert_string_equal(found, old);
}

/* What is printed is longer than what is left. */
static void output_is_refused(void **unused)
{
	static const char *const forms[][WORDS] = {
		{"trace", "onecycle", "total_steps=3000"}, {"show", "cyclic"},
		{"trace", "step", "--steps", "3000", "--format", "json"},
		{"train", "step", "epochs=2", "--every", "step"}, {"plot", "step", "epochs=1"},
		{"list", "words", "--format", "json"}, {"export", "pytorch", "cyclic"},
		{"advise"}, {"race", "epochs=1", "data=stackloss"}, {"-c", "show study; code"},
		{"--help"}, {"--version"},
	};

	(void)unused;
	fill(0);
	for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
		run_into("printed", &ran, forms[form]);
		claim_refused(forms[form][0]);
	}
	unlink("filler");
	fill(1); /* the first page goes out, the second does not */
	run_into("printed", &ran, forms[0]);
	claim_refused(forms[0][0]);
}

/* ---- the explorer ---- */

static void start(struct pty *pty)
{
	static const char *argv[] = {program, NULL}, *const env[] = {home, state, data, NULL};

	pty_start(pty, &(struct pty_options){.argv = argv, .env = env, .columns = 120, .rows = 30});
	pty_wait(pty, 'i');
}

static int end(struct pty *pty, const char *keys)
{
	int status;

	pty_send(pty, keys, strlen(keys));
	status = pty_end(pty);
	assert_true(WIFEXITED(status) && pty_modes_restored(pty));
	return WEXITSTATUS(status);
}

/* Each command is refused with a sentence, the old files stay, the program goes on; with room again
 * the same commands work. */
static void explorer_goes_on(void **unused)
{
	static const char *const lines[] = {
		":save ./study\r", ":code ./code\r", ":dump ./screen\r", ":save named\r",
	};
	static const char *const files[] = {"study", "code", "screen", "data/lrscope/named.json"};
	static char found[OUTPUT];
	struct pty pty;

	(void)unused;
	assert_int_equal(mkdir("data", 0700) | mkdir("data/lrscope", 0700), 0);
	for (int i = 0; i < 4; i++)
		assert_true(put(files[i], old));
	fill(0);
	start(&pty);
	pty_type(&pty, "3");
	for (int i = 0; i < 4; i++) {
		pty_type(&pty, lines[i]);
		pty_sees(&pty, FULL);
		pty_type(&pty, "\033"); /* the line came back to be mended */
		read_file(files[i], found, sizeof found);
		assert_string_equal(found, old);
	}
	pty_sees(&pty, "[3 cosine]");
	assert_int_equal(left_over(), 0);
	unlink("filler");
	for (int i = 0; i < 4; i++) {
		pty_type(&pty, lines[i]);
		read_file(files[i], found, sizeof found);
		assert_string_not_equal(found, old);
	}
	assert_int_equal(end(&pty, "q"), 0);
	pty_done(&pty);
}

/* A study that was not saved is not lost by one key, and history is old or new. */
static void leaving_says_what_is_lost(void **unused)
{
	static char found[OUTPUT], *lines;
	struct pty pty;

	(void)unused;
	assert_int_equal(mkdir("data", 0700) | mkdir("state", 0700) | mkdir("state/lrscope", 0700), 0);
	lines = calloc(1, 3 * (size_t)page + 1);
	assert_non_null(lines);
	while (strlen(lines) + 20 < 3 * (size_t)page)
		strcat(lines, "set max_lr 0.2\n");
	assert_true(put("state/lrscope/history", lines));
	fill(0);
	start(&pty);
	pty_type(&pty, ":set max_lr 0.3\r");
	pty_type(&pty, "q");
	pty_sees(&pty, "quit again to lose the study");
	pty_type(&pty, "3"); /* no second time in a row */
	pty_type(&pty, "q");
	pty_sees(&pty, "quit again to lose the study");
	assert_int_equal(end(&pty, "q"), 1);
	pty_sees(&pty, "lrscope: cannot write");
	pty_done(&pty);
	read_file("state/lrscope/history", found, sizeof found);
	assert_string_equal(found, lines);
	assert_int_not_equal(access("data/lrscope/last.json", F_OK), 0);

	/* With room for either. */
	start(&pty);
	pty_type(&pty, ":set max_lr 0.3\r");
	pty_type(&pty, "q");
	pty_sees(&pty, "quit again to lose the study");
	unlink("filler");
	assert_int_equal(end(&pty, "q"), 0);
	pty_done(&pty);
	assert_int_equal(access("data/lrscope/last.json", F_OK), 0);
	read_file("state/lrscope/history", found, sizeof found);
	strcat(lines, "set max_lr 0.3\n");
	assert_string_equal(found, lines);
	free(lines);
}

/* ---- all ---- */

static int enter(void **unused)
{
	if (process_enter(unused) != 0 || mkdir("disk", 0700) != 0)
		return -1;
	snprintf(home, sizeof home, "HOME=%s/disk", folder);
	snprintf(state, sizeof state, "XDG_STATE_HOME=%s/disk/state", folder);
	snprintf(data, sizeof data, "XDG_DATA_HOME=%s/disk/data", folder);
	return 0;
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, mount_disk, unmount_disk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(files_are_old_or_new), ON_DISK(no_name_is_left), ON_DISK(output_is_refused),
		ON_DISK(explorer_goes_on), ON_DISK(leaving_says_what_is_lost),
	};
	const char *unable = own_namespace();

	if (unable) {
		printf("1..0 # SKIP %s: %s\n", unable, strerror(errno));
		return 0;
	}
	page = sysconf(_SC_PAGESIZE);
	return cmocka_run_group_tests_name("faults-disk", tests, enter, process_leave);
}
