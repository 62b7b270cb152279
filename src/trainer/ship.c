/* Build-time program: reads the data sets that FOLDER/index.tsv lists and writes C with their
 * numbers to standard output, so that nothing is parsed at start-up.
 *
 * A line of the list is ID, KIND, ABOUT with a tab between; # starts a comment. The numbers are
 * written as the shortest decimals that read back to the same doubles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "trainer/dataset.h"

#define SETS 64

struct entry {
	char *id, *kind, *about;
	size_t rows, features;
};

static void fail(const char *what)
{
	fprintf(stderr, "ship: %s\n", what);
	exit(EXIT_FAILURE);
}

static size_t read_index(char *list, struct entry entries[SETS])
{
	size_t count = 0;
	char *rest;

	for (char *line = strtok_r(list, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		struct entry *entry = &entries[count];

		if (*line == '#')
			continue;
		if (count == SETS)
			fail("too many data sets in the list");
		entry->id = strsep(&line, "\t");
		entry->kind = strsep(&line, "\t");
		entry->about = line;
		if (!entry->about || strpbrk(entry->about, "\t\"\\"))
			fail("a line of the list is not ID, KIND, ABOUT");
		count++;
	}
	return count;
}

static void write_values(const struct dataset *set, size_t number)
{
	const double *value = set->values;
	char digits[NUMBER_SIZE];

	printf("static const double values_%zu[] = {\n", number);
	for (size_t i = 0; i < set->rows; i++) {
		for (size_t j = 0; j < set->features; j++)
			printf("%s,", number_format(digits, *value++));
		printf("%s,\n", number_format(digits, *value++));
	}
	printf("};\n");
}

static void write_set(const char *folder, struct entry *entry, size_t number)
{
	char path[4096];
	struct dataset set;
	struct error error;
	struct text text;

	dataset_init(&set);
	text_init(&text);
	snprintf(path, sizeof path, "%s/%s.csv", folder, entry->id);
	if (!file_read(&text, path, DATASET_BYTES, &error) ||
	    !dataset_parse(&set, text.bytes, text.length, path, NULL, &error))
		fail(error.text);
	entry->rows = set.rows;
	entry->features = set.features;
	printf("static const char *const columns_%zu[] = {\n", number);
	for (size_t j = 0; j <= set.features; j++) {
		if (strpbrk(set.columns[j], "\"\\"))
			fail("a column's name needs quoting");
		printf("\t\"%s\",\n", set.columns[j]);
	}
	printf("};\n");
	write_values(&set, number);
	dataset_done(&set);
	text_done(&text);
}

static void write_list(const struct entry *entries, size_t count)
{
	printf("\nconst struct shipped shipped_sets[] = {\n");
	for (size_t i = 0; i < count; i++)
		printf("\t{\"%s\", N_(\"%s\"),\n\t N_(\"%s\"), %zu, %zu, columns_%zu, values_%zu},\n",
		       entries[i].id, entries[i].about, entries[i].kind, entries[i].rows,
		       entries[i].features, i, i);
	printf("};\nconst size_t shipped_count = %zu;\nconst char *const shipped_ids[] = {\n",
	       count);
	for (size_t i = 0; i < count; i++)
		printf("\t\"%s\",\n", entries[i].id);
	printf("\tNULL,\n};\n");
}

int main(int argc, char **argv)
{
	struct entry entries[SETS];
	char path[4096];
	struct error error;
	struct text list;
	size_t count;

	if (argc != 2)
		fail("usage: ship FOLDER");
	text_init(&list);
	snprintf(path, sizeof path, "%s/index.tsv", argv[1]);
	if (!file_read(&list, path, 1 << 20, &error))
		fail(error.text);
	count = read_index(list.bytes, entries);
	printf("/* Made from data/sets by src/trainer/ship.c; not to be edited. */\n"
	       "#include \"trainer/shipped.h\"\n#include \"base/language.h\"\n\n");
	for (size_t i = 0; i < count; i++)
		write_set(argv[1], &entries[i], i);
	write_list(entries, count);
	text_done(&list);
	if (fflush(stdout) || ferror(stdout))
		fail("cannot write");
	return EXIT_SUCCESS;
}
