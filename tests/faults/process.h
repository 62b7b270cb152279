/* Runs of the real program in a folder of the test, with what the C library's calls do set (shim.c).
 *
 *	FAULTS_STRIDE=N   every N-th call only (97); 1: all of them, `make faults`
 *
 * Looks for ./src/lrscope/lrscope and ./tests/faults/shim.so in the working folder; wants cmocka.h. */
#ifndef TESTS_FAULTS_PROCESS_H
#define TESTS_FAULTS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#define WORDS 12 /* most of a command line, and NULL */
#define OUTPUT 400000

extern char program[], shim[], folder[];

struct ran {
	int status; /* as from wait */
	char out[OUTPUT], err[8192];
	size_t out_length, err_length;
};

/* Of the last calls_of() and run(). */
extern struct ran reference, ran;

/* In a child: becomes the program. `fault` is for the shim; NULL: nothing fails. */
void become(const char *const *words, const char *fault);
void run(struct ran *result, const char *const *words, const char *fault);
/* With standard output into a file. */
void run_into(const char *path, struct ran *result, const char *const *words);
bool is_exit(const struct ran *result, int code);
/* The number of calls of one kind in a run without faults, which is the reference. */
long calls_of(const char *const *words, const char *kind);
/* That `ran` did what it should, or says in one line why not. */
void claim_clean_end(const char *what);
long stride(void);

size_t read_file(const char *path, char *bytes, size_t size); /* "" where there is none */
void write_file(const char *path, const char *bytes);
/* How many files there are that a save should have taken away again; takes them away. */
int left_over(void);

/* study.json as it is, and as `save` makes it. */
extern char old_bytes[OUTPUT], new_bytes[OUTPUT];
extern const char *const save[WORDS];
void make_both(void);
/* Every file that a test reads: study.json, rules.json, metrics.csv, table.csv, script, own.lesson. */
void restore_files(void);

int process_enter(void **state);
int process_leave(void **state);

#endif
