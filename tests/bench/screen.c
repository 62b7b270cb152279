/* What the screen costs: time, bytes, instructions, memory; beside other full-screen programs where
 * they are installed. Uses the harness of the terminal tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench.h"
#include "../terminal/pty.h"

#define ROUNDS 21
#define DOWN "\033OB"
#define RIGHT "\033OC"
#define LEFT "\033OD"

static char program[4096];

/* Prints a figure with its goal (at most; below 0: none). */
static void figure(const char *name, double value, const char *unit, double goal)
{
	printf("  %-50s %10.4g %-6s", name, value, unit);
	if (goal >= 0)
		printf(" goal: at most %g: %s", goal, value <= goal ? "met" : "MISSED");
	putchar('\n');
	fflush(stdout);
}

/* Takes what is there, counted and not looked at: unlike pty_read() it never waits for room in a
 * full terminal. */
static size_t drain(struct pty *pty)
{
	char bytes[65536];
	ssize_t count = read(pty->master, bytes, sizeof bytes);
	if (count <= 0)
		return 0;
	pty->log_length += (size_t)count;
	return (size_t)count;
}

/* Waits until a frame is out (work may be left); 'i' or 'f'. */
static char frame(struct pty *pty)
{
	double until = bench_now() + 10;
	while (bench_now() < until) {
		struct pollfd both[2] = {{pty->sync, POLLIN, 0}, {pty->master, POLLIN, 0}};
		char byte;
		poll(both, 2, 100);
		if (both[1].revents & POLLIN)
			drain(pty);
		if ((both[0].revents & POLLIN) && read(pty->sync, &byte, 1) == 1) {
			while (drain(pty))
				;
			return byte;
		}
	}
	fprintf(stderr, "bench: no frame within 10 s\n");
	exit(1);
}

static void idle(struct pty *pty)
{
	while (frame(pty) != 'i')
		;
}

/* For programs that do not tell: until nothing has come for `quiet` ms. Returns when the last
 * bytes came. */
static double settle(struct pty *pty, int quiet)
{
	double last = bench_now();
	for (double start = last; bench_now() < start + 5;) {
		struct pollfd in = {pty->master, POLLIN, 0};
		if (poll(&in, 1, quiet) == 0)
			break;
		if (drain(pty))
			last = bench_now();
	}
	return last;
}

static void explore(struct pty *pty, int columns, int rows)
{
	const char *const argv[] = {program, NULL};
	pty_start(pty, &(struct pty_options){.argv = argv, .columns = columns, .rows = rows});
}

static void leave(struct pty *pty)
{
	pty_send(pty, "q", 1);
	pty_end(pty);
	pty_done(pty);
}

/* ---- start ---- */

static void start(int columns, int rows, double goal_ms, double goal_bytes)
{
	double over[ROUNDS], frames[ROUNDS], bytes = 0;
	for (int i = 0; i < ROUNDS; i++) {
		static const char *const echo[] = {"/bin/echo", "lrscope", NULL};
		struct pty pty;
		double from = bench_now();
		pty_start(&pty, &(struct pty_options){.argv = echo, .columns = columns, .rows = rows});
		pty_end(&pty);
		double base = bench_now() - from;
		pty_done(&pty);
		from = bench_now();
		explore(&pty, columns, rows);
		frame(&pty);
		frames[i] = 1e3 * (bench_now() - from);
		over[i] = frames[i] - 1e3 * base;
		bytes = (double)pty.log_length;
		leave(&pty);
	}
	figure("first frame over /bin/echo", bench_median(over, ROUNDS), "ms", goal_ms);
	figure("first frame, whole", bench_median(frames, ROUNDS), "ms", -1);
	figure("first frame", bytes, "B", goal_bytes);
}

/* Instructions from start to end when `q` follows the first frame; -1 without valgrind. */
static double instructions(int columns, int rows)
{
	char log[] = "/tmp/lrscope-bench-XXXXXX", option[64], line[256];
	int descriptor = mkstemp(log);
	double count = -1;
	struct pty pty;
	if (descriptor < 0 || access("/usr/bin/valgrind", X_OK) != 0)
		return -1;
	snprintf(option, sizeof option, "--log-file=%s", log);
	const char *const argv[] = {"/usr/bin/valgrind", "--tool=callgrind",
				    "--callgrind-out-file=/dev/null", option, program, NULL};
	pty_start(&pty, &(struct pty_options){.argv = argv, .columns = columns, .rows = rows});
	frame(&pty);
	leave(&pty);
	FILE *file = fdopen(descriptor, "r");
	while (file && fgets(line, sizeof line, file)) {
		char *found = strstr(line, "Collected : ");
		if (found)
			count = atof(found + strlen("Collected : "));
	}
	if (file)
		fclose(file);
	unlink(log);
	return count;
}

/* ---- actions ---- */

/* Bytes of `count` keys, sent in turn from two, each until idle or until the first frame. */
static void key_bytes(struct pty *pty, const char *name, const char *one, const char *other,
		      int count, bool whole, double goal, double goal_most)
{
	double sum = 0, most = 0;
	char title[80];
	for (int i = 0; i < count; i++) {
		const char *key = i % 2 ? other : one;
		pty_mark(pty);
		pty_send(pty, key, strlen(key));
		if (frame(pty) != 'i' && whole)
			idle(pty);
		double bytes = (double)pty_bytes_since(pty);
		sum += bytes;
		most = bytes > most ? bytes : most;
		if (!whole)
			idle(pty);
	}
	snprintf(title, sizeof title, "%s, average of %d", name, count);
	figure(title, sum / count, "B", goal);
	snprintf(title, sizeof title, "%s, most", name);
	figure(title, most, "B", goal_most);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Turning the peak: time until the frame with both new curves is out, and until all work is. */
static void latency(struct pty *pty, double goal)
{
	enum { KEYS = 400 };
	static double first[KEYS], last[KEYS];
	for (int i = 0; i < KEYS; i++) {
		double from = bench_now();
		pty_send(pty, i % 2 ? LEFT : RIGHT, 3);
		char byte = frame(pty);
		first[i] = 1e3 * (bench_now() - from);
		while (byte != 'i')
			byte = frame(pty);
		last[i] = 1e3 * (bench_now() - from);
	}
	qsort(first, KEYS, sizeof *first, ascending);
	qsort(last, KEYS, sizeof *last, ascending);
	figure("key to last byte of its frame, median", first[KEYS / 2], "ms", -1);
	figure("key to last byte of its frame, p99", first[KEYS * 99 / 100], "ms", goal);
	figure("key until the strip's nine seeds are done, median", last[KEYS / 2], "ms", -1);
}

static void resizes(struct pty *pty, int columns, int rows)
{
	pty_mark(pty);
	for (int i = 0; i < 60; i++) {
		struct winsize size = {(unsigned short)(rows - i % 5),
				       (unsigned short)(columns - i % 7), 0, 0};
		ioctl(pty->master, TIOCSWINSZ, &size);
		double until = bench_now() + 0.01;
		while (bench_now() < until) {
			struct pollfd in = {pty->master, POLLIN, 0};
			if (poll(&in, 1, 1) == 1)
				drain(pty);
		}
	}
	struct winsize size = {(unsigned short)rows, (unsigned short)columns, 0, 0};
	ioctl(pty->master, TIOCSWINSZ, &size);
	settle(pty, 300);
	figure("60 resizes in 0.6 s", (double)pty_bytes_since(pty), "B", 30000);
	double times[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		int c = columns - (i % 2 ? 0 : 3);
		usleep(150000); /* not part of a burst */
		double from = bench_now();
		pty_resize(pty, c, rows, false);
		frame(pty);
		times[i] = 1e3 * (bench_now() - from);
		settle(pty, 50);
	}
	pty_resize(pty, columns, rows, false);
	settle(pty, 200);
	figure("resize until its frame is out", bench_median(times, ROUNDS), "ms",
	       columns > 100 ? 10 : 5);
}

static void escape(struct pty *pty)
{
	double times[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		pty_send(pty, ":", 1);
		idle(pty);
		double from = bench_now();
		pty_send(pty, "\033", 1);
		idle(pty);
		times[i] = 1e3 * (bench_now() - from);
	}
	figure("Esc closes the prompt", bench_median(times, ROUNDS), "ms", 30);
}

static double cpu_seconds(const struct pty *pty)
{
	char path[64], line[1024] = "";
	long user = 0, system = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pty->program);
	FILE *file = fopen(path, "r");
	if (file && fgets(line, sizeof line, file) && strrchr(line, ')'))
		sscanf(strrchr(line, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user,
		       &system);
	if (file)
		fclose(file);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* The run is played at 15 frames a second. */
static void playing(struct pty *pty, double goal)
{
	pty_send(pty, " ", 1);
	double from = bench_now(), cpu = cpu_seconds(pty);
	pty_mark(pty);
	while (bench_now() < from + 4) {
		struct pollfd in = {pty->master, POLLIN, 0};
		if (poll(&in, 1, 50) == 1)
			drain(pty);
	}
	figure("playing, bytes a second", (double)pty_bytes_since(pty) / 4, "B", goal);
	figure("playing, processor", (cpu_seconds(pty) - cpu) / 4 * 100, "%", 2);
	pty_send(pty, "r ", 2); /* back to the start, and stopped */
	settle(pty, 200);
	pty_send(pty, "\033", 1);
	settle(pty, 200);
	char told[256];
	while (read(pty->sync, told, sizeof told) > 0)
		;
}

static void idling(struct pty *pty)
{
	long before = pty_status(pty, "voluntary_ctxt_switches");
	pty_mark(pty);
	sleep(2);
	pty_read(pty);
	figure("idle for 2 s", (double)pty_bytes_since(pty), "B", 0);
	figure("idle for 2 s, wake-ups",
	       (double)(pty_status(pty, "voluntary_ctxt_switches") - before), "", 0);
}

static void resident(struct pty *pty, const char *name, bool large)
{
	figure(name, (double)pty_status(pty, "VmRSS") / 1024, "MB", large ? 4.5 : 3.5);
}

static void size(int columns, int rows, bool large)
{
	struct pty pty;
	printf("Explorer at %dx%d:\n", columns, rows);
	start(columns, rows, large ? 4 : 3, large ? 9500 : 3600);
	double count = instructions(columns, rows);
	if (count > 0)
		figure("instructions, start and quit", count / 1e6, "M", large ? 8 : 5);
	else
		puts("  instructions: absent (no valgrind)");
	explore(&pty, columns, rows);
	idle(&pty);
	resident(&pty, "resident memory, at rest after the start", large);
	figure("anonymous memory", (double)pty_status(&pty, "RssAnon") / 1024, "MB", large ? 2 : 1);
	key_bytes(&pty, "parameter step, until its frame", RIGHT, LEFT, 20, false,
		  large ? 1700 : 350, large ? -1 : 500);
	key_bytes(&pty, "parameter step, until all is computed", RIGHT, LEFT, 20, true, -1, -1);
	key_bytes(&pty, "move selection", DOWN, "\033OA", 20, true, 90, 90);
	resident(&pty, "resident memory, after these 60 keys", large);
	pty_send(&pty, ":", 1);
	idle(&pty);
	key_bytes(&pty, "prompt character", "a", "b", 20, true, 4, 4);
	pty_send(&pty, "\033", 1);
	idle(&pty);
	escape(&pty);
	latency(&pty, large ? 2 : -1);
	playing(&pty, large ? 25000 : 6000);
	idling(&pty);
	resizes(&pty, columns, rows);
	leave(&pty);
}

/* ---- others ---- */

struct peer {
	const char *name;
	const char *argv[4];
};

static void peer(const struct peer *peer, int columns, int rows)
{
	static const char *const home[] = {"HOME=/tmp", NULL};
	struct pty pty;
	double from = bench_now();
	if (access(peer->argv[0], X_OK) != 0) {
		printf("  %-10s absent\n", peer->name);
		return;
	}
	pty_start(&pty, &(struct pty_options){
		.argv = peer->argv, .columns = columns, .rows = rows, .env = home});
	double shown = 1e3 * (settle(&pty, 300) - from);
	size_t bytes = pty.log_length;
	long rss = pty_status(&pty, "VmRSS"), anonymous = pty_status(&pty, "RssAnon");
	pty_mark(&pty);
	pty_send(&pty, DOWN, 3);
	settle(&pty, 200);
	size_t down = pty_bytes_since(&pty);
	long wakes = pty_status(&pty, "voluntary_ctxt_switches");
	pty_mark(&pty);
	sleep(2);
	pty_read(&pty);
	printf("  %-10s %7.1f ms %6zu B  %5.1f MB %5.1f MB  Down %4zu B  idle %5zu B %3ld wake-ups\n",
	       peer->name, shown, bytes, (double)rss / 1024, (double)anonymous / 1024, down,
	       pty_bytes_since(&pty), pty_status(&pty, "voluntary_ctxt_switches") - wakes);
	pty_done(&pty);
}

int main(int count, char **words)
{
	static const struct peer peers[] = {
		{"htop", {"/usr/bin/htop", NULL}},
		{"nano", {"/bin/nano", "-I", "README.md", NULL}},
		{"tig", {"/usr/bin/tig", NULL}},
		{"calcurse", {"/usr/bin/calcurse", "-D", "/tmp/lrscope-bench-calcurse", NULL}},
	};
	const char *folder = getenv("top_srcdir");
	if (!realpath(count > 1 ? words[1] : "src/lrscope/lrscope", program)) {
		fprintf(stderr, "bench: no program\n");
		return 1;
	}
	size(80, 24, false);
	size(200, 60, true);
	puts("Others at 80x24: first screen, its bytes, resident, anonymous, a key, two seconds idle:");
	if (folder && chdir(folder) != 0)
		perror(folder);
	for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
		peer(&peers[i], 80, 24);
	return 0;
}
