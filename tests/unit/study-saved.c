/* Saved studies: round trips, and whatever else a file may hold. */
#include "study-help.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[40]; /* of this test's files */

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "study-saved-XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	char line[256];

	(void)state;
	snprintf(line, sizeof line, "rm -rf '%s'", folder);
	return system(line) != 0;
}

static void write_file(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(bytes, file);
	assert_int_equal(fclose(file), 0);
}

/* Writing, reading and writing again: the same bytes of study and file. */
static void check_round(const struct study *study, const char *at)
{
	struct study back;
	struct text first, second;
	struct error error = {.kind = ERROR_NONE};

	text_init(&first);
	text_init(&second);
	saved_write(study, at, &first);
	memset(&back, 0xa5, sizeof back);
	if (!saved_read(&back, first.bytes, first.length, "round", at, &error))
		fail_msg("%s\n%s", error.text, first.bytes);
	assert_memory_equal(study, &back, sizeof back);
	saved_write(&back, at, &second);
	assert_string_equal(first.bytes, second.bytes);
	text_done(&first);
	text_done(&second);
}

static uint64_t dice = 99;

static unsigned roll(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

/* Any value that the table has, as a word. */
static void any_word(const struct parameter *row, char out[64])
{
	unsigned count = 0;

	while (row->choices != NULL && row->choices[count] != NULL)
		count++;
	if (row->takes_auto && roll(3) == 0)
		snprintf(out, 64, "auto");
	else if (row->takes_none && roll(3) == 0)
		snprintf(out, 64, "None");
	else if (count > 0)
		snprintf(out, 64, "%s", row->choices[roll(count)]);
	else if (row->type == PARAMETER_SWITCH)
		snprintf(out, 64, roll(2) ? "yes" : "no");
	else if (row->type == PARAMETER_INTEGER)
		snprintf(out, 64, "%u", roll(roll(2) ? 20 : 2000000000));
	else if (row->type == PARAMETER_LIST)
		snprintf(out, 64, "0.%u,0.%u", roll(100), roll(100));
	else
		snprintf(out, 64, "%s%u.%ue%d", roll(4) ? "" : "-", roll(10), roll(1000000),
			 (int)roll(40) - 20);
}

static void every_study_comes_back(void **state)
{
	static const char *const others[] = {"before", "pin", "off", "cosine"};
	struct study study;
	struct dial dials[STUDY_DIALS];
	char word[64];
	int k, set = 0;

	(void)state;
	study_init(&study);
	check_round(&study, NULL);
	for (k = 0; k < 3000; k++) {
		unsigned count = study_dials(&study, dials);
		const struct parameter *row = dials[roll(count)].parameter;

		if (roll(8) == 0)
			study_strategy(&study, strategy_names()[roll(STRATEGY_COUNT)], NULL);
		if (roll(16) == 0)
			study_ghost(&study, others[roll(4)], NULL);
		if (roll(16) == 0)
			study_swap(&study, NULL);
		if (row->type != PARAMETER_WORD) {
			any_word(row, word);
			set += study_set(&study, row->name, word, NULL);
		}
		if (k % 10 == 0)
			check_round(&study, k % 20 ? NULL : "/some/where");
	}
	assert_true(set > 1000);
	study_set(&study, "data", "mtcars", NULL);
	study_set(&study, "target", "an odd \"name\" with \\ and \xc3\xa9", NULL);
	check_round(&study, NULL);
	for (k = 0; k < scene_count; k++) {
		assert_true(study_scene(&study, &scenes[k], NULL));
		check_round(&study, "/");
	}
}

/* ---- paths of data ---- */

static void data_moves_with_its_study(void **state)
{
	struct scope *scope = open_scope();
	struct study study;
	struct error error = {.kind = ERROR_NONE};
	struct text text;
	char path[256], line[512], other[300];

	(void)state;
	snprintf(path, sizeof path, "%s/points.csv", folder);
	write_file(path, "x,y\n1,2\n2,3.5\n3,5\n4,8\n5,9\n6,12\n");
	snprintf(line, sizeof line, "data %s/../%s/./points.csv", folder, folder);
	must(scope, line);
	snprintf(other, sizeof other, "./%s", path);
	assert_string_equal(scope->study.now.training.data, other);
	check_round(&scope->study, folder);
	check_round(&scope->study, ".");
	check_round(&scope->study, "/");
	check_round(&scope->study, "/tmp/elsewhere");
	text_init(&text);
	saved_write(&scope->study, folder, &text);
	assert_non_null(strstr(text.bytes, "\"data\": \"./points.csv\""));
	text_done(&text);
	/* The folder moves, the study goes with it. */
	snprintf(path, sizeof path, "%s/in", folder);
	assert_int_equal(mkdir(path, 0777), 0);
	snprintf(path, sizeof path, "%s/in/study.json", folder);
	assert_true(saved_save(&scope->study, path, FILE_ANY, &error));
	assert_true(saved_open(&study, path, FILE_ANY, &error));
	assert_memory_equal(&study, &scope->study, sizeof study);
	snprintf(line, sizeof line, "cp -r '%s/in' '%s/out' && rm -r '%s/in' && cp '%s/points.csv' "
		 "'%s/out/p.csv' && sed -i 's|\"../points.csv\"|\"p.csv\"|' '%s/out/study.json'",
		 folder, folder, folder, folder, folder, folder);
	assert_int_equal(system(line), 0);
	snprintf(path, sizeof path, "%s/out/study.json", folder);
	assert_true(saved_open(&study, path, FILE_ANY, &error));
	snprintf(other, sizeof other, "./%s/out/p.csv", folder);
	assert_string_equal(study.now.training.data, other);
	assert_true(scope_replace(scope, &study, &error));
	/* Data that is gone is refused, and what was open stays open. */
	must(scope, "data concrete");
	must(scope, "ghost off");
	study.ghost_kind = GHOST_OFF;
	assert_int_equal(unlink(other), 0);
	assert_false(scope_replace(scope, &study, &error));
	assert_non_null(strstr(error.text, "p.csv"));
	assert_dial(scope, "data", "concrete");
	finish(scope);
	assert_int_equal(scope->results.now.state, LANE_DONE);
	close_scope(scope);
}

static void bare_names_live_in_the_data_folder(void **state)
{
	struct study study, back;
	struct error error = {.kind = ERROR_NONE};
	char here[512], home[700], path[1200], wanted[1200];

	(void)state;
	assert_non_null(getcwd(here, sizeof here));
	snprintf(home, sizeof home, "%s/%s/share", here, folder);
	setenv("XDG_DATA_HOME", home, 1);
	assert_true(saved_path(path, sizeof path, "demo", &error));
	snprintf(wanted, sizeof wanted, "%s/lrscope/demo.json", home);
	assert_string_equal(path, wanted);
	study_init(&study);
	assert_true(saved_save(&study, path, FILE_ANY, &error)); /* the folder is made */
	assert_true(saved_open(&back, path, FILE_ANY, &error));
	assert_memory_equal(&study, &back, sizeof back);
	assert_true(saved_path(path, sizeof path, "x/demo", &error));
	assert_string_equal(path, "x/demo");
	assert_true(saved_path(path, sizeof path, "demo.json", &error));
	assert_string_equal(path, "demo.json");
	assert_false(saved_path(path, sizeof path, "", &error));
	assert_false(saved_path(path, 8, "demo", &error));
	assert_false(saved_save(&study, "no/such/folder/x.json", FILE_ANY, &error));
	assert_int_equal(error.kind, ERROR_FILE);
	assert_false(saved_open(&back, "no/such/folder/x.json", FILE_ANY, &error));
	assert_false(saved_open(&back, folder, FILE_ANY, &error));
	strcpy(study.now.training.data, "-");
	assert_false(saved_save(&study, wanted, FILE_ANY, &error));
	assert_non_null(strstr(error.text, "standard input"));
}

/* ---- what is refused ---- */

static void refused(const char *json, size_t length, const char *part)
{
	struct study study, before;
	struct error error = {.kind = ERROR_NONE};

	memset(&study, 0x5a, sizeof study);
	before = study;
	if (saved_read(&study, json, length, "f.json", NULL, &error))
		fail_msg("accepted: %.200s", json);
	assert_int_equal(error.kind, ERROR_FILE);
	assert_memory_equal(&study, &before, sizeof study);
	if (strstr(error.text, part) == NULL || strncmp(error.text, "f.json: ", 8) != 0)
		fail_msg("\"%s\" does not say \"%s\"", error.text, part);
}

#define HEAD "{\"lrscope\": 1, \"strategy\": \"step\", \"lr\": 0.1"
#define GHOST HEAD ",\n\"ghost\": {\"kind\": \"before\", \"strategy\": \"step\""

static void wrong_files_are_refused_with_their_place(void **state)
{
	static const char *const cases[][2] = {
		{"", "line 1"},
		{"hello", "line 1"},
		{"[]", "line 1, column 1: a study is an object"},
		{"3", "line 1"},
		{"{}", "\"lrscope\" is missing"},
		{"{\"lrscope\": 2}", "version 2"},
		{"{\"lrscope\": \"1\"}", "line 1"},
		{"{\"lrscope\": 0}", "version number"},
		{"{\"lrscope\": 1}", "\"strategy\" is missing"},
		{"{\"lrscope\": 1, \"strategy\": \"step\"}", "\"lr\" is missing"},
		{"{\n\"lrscope\": 1,\n\"strategy\": \"stepp\"}",
		 "line 3, column 1: unknown strategy 'stepp'; nearest: step"},
		{"{\n\"lrscope\": 1,\n\n\"stratgy\": \"step\"}",
		 "line 4, column 1: unknown key 'stratgy'; nearest: strategy"},
		{HEAD ", \"lr\": 0.2}", "line 1, column 50: duplicate"},
		{HEAD ",\n\n\"touched\": 3}", "line 3"},
		{HEAD ",\n\"touched\": \"a\\u001bb\"}", "line 2"},
		{HEAD ",\n\"strategies\": []}", "line 2, column 1: \"strategies\" has to be an object"},
		{HEAD ",\n\"strategies\": {\n\"setp\": {}}}", "line 3, column 1: unknown strategy 'setp'"},
		{HEAD ",\n\"strategies\": {\"step\": {\n\"gama\": 1}}}",
		 "line 3, column 1: unknown parameter 'gama'; nearest: gamma"},
		{HEAD ",\n\"strategies\": {\"cosine\": {\n\"T_max\": \"x\"},\n\"step\": {\"gamma\": \"0.5\"}}}",
		 "line 3"},
		{HEAD ",\n\"strategies\": {\"cosine\": {},\n\"step\": {\"gamma\": \"0.5\"}}}",
		 "line 3, column 10: \"gamma\" has to be a number"},
		{HEAD ",\"strategies\": {\"onecycle\": {\"max_lr\": 0.5}}}", "the peak"},
		{HEAD ",\"strategies\": {\"step\": {\"gamma\": [1]}}}", "a number"},
		{HEAD ",\"strategies\": {\"step\": {\"gamma\": {}}}}", "a number"},
		{HEAD ",\"strategies\": {\"step\": {\"gamma\": null}}}", "null"},
		{HEAD ",\"strategies\": {\"step\": {\"gamma\": 1e999}}}", "line 1"},
		{HEAD ",\n\"training\": {\"batch\": 0}}", "line 2, column 14: batch"},
		{HEAD ",\n\"training\": {\"batch\": -5}}", "line 2, column 14: batch"},
		{HEAD ",\n\"training\": {\"batch\": 1.5}}", "line 2, column 14: batch"},
		{HEAD ",\n\"training\": {\"batch\": \"fill\"}}", "line 2"},
		{HEAD ",\n\"training\": {\"epochs\": 123456789012345678901234567890}}", "line 2"},
		{HEAD ",\n\"training\": {\"shuffle\": 1}}", "true or false"},
		{HEAD ",\n\"training\": {\"optimizer\": \"sdg\"}}", "optimizer"},
		{HEAD ",\n\"training\": {\"optimizer\": 0}}", "a string"},
		{HEAD ",\n\"training\": {\"bacth\": 1}}", "nearest: batch"},
		{HEAD ",\n\"training\": {\"betas\": [0.9]}}", "betas"},
		{HEAD ",\n\"training\": {\"betas\": [0.9, \"x\"]}}", "list of numbers"},
		{HEAD ",\n\"training\": {\"betas\": \"0.9,0.99\"}}", "list of numbers"},
		{HEAD ",\n\"training\": {\"init\": []}}", "init"},
		{HEAD ",\n\"training\": {\"data\": \"concret\"}}", "nearest: concrete"},
		{HEAD ",\n\"training\": {\"data\": \"-\"}}", "data set"},
		{HEAD ",\n\"training\": {\"data\": \"\"}}", "data set"},
		{HEAD ",\n\"training\": {\"data\": \"a\\u0000b.csv\"}}", "line 2"},
		{HEAD ",\n\"training\": {\"target\": 7}}", "a string"},
		{HEAD ",\n\"parts\": [1]}", "line 2, column 1: \"parts\""},
		{HEAD ",\n\"parts\": {}}", "line 2, column 1: \"parts\""},
		{HEAD ",\n\"ghost\": 1}", "line 2, column 1: \"ghost\" has to be an object"},
		{HEAD ",\n\"ghost\": {}}", "\"kind\""},
		{HEAD ",\n\"ghost\": {\"kind\": \"x\"}}", "\"kind\""},
		{GHOST "}}", "\"lr\" is missing"},
		{GHOST ",\n\"lr\": -1}}", "line 3, column 1: lr"},
		{GHOST ", \"lr\": 1,\n\"parameters\": {\"x\": 1}}}", "line 3, column 16: unknown parameter"},
		{GHOST ", \"lr\": 1,\n\"training\": {\n\"seed\": -1}}}", "line 4, column 1: seed"},
		{HEAD "} x", "line 1"},
		{HEAD ", \"touched\": \"\xff\"}", "line 1"},
		{HEAD, "line 1"},
	};
	size_t k;

	(void)state;
	for (k = 0; k < sizeof cases / sizeof *cases; k++)
		refused(cases[k][0], strlen(cases[k][0]), cases[k][1]);
	refused(HEAD "\0}", sizeof HEAD "\0}" - 1, "line 1, column 45: a NUL");
}

static void some_spellings_are_accepted(void **state)
{
	static const char *const cases[] = {
		HEAD "}",
		HEAD ", \"parts\": []}",
		HEAD ", \"strategies\": {}, \"training\": {}}",
		HEAD ", \"training\": {\"batch\": \"full\", \"epochs\": 3e1}}",
		HEAD ", \"strategies\": {\"cosine\": {\"T_max\": \"auto\", \"eta_min\": -0}}}",
		HEAD ", \"training\": {\"init\": [1, -2.5e-3]}}",
	};
	struct study study;
	struct error error = {.kind = ERROR_NONE};
	size_t k;

	(void)state;
	for (k = 0; k < sizeof cases / sizeof *cases; k++) {
		if (!saved_read(&study, cases[k], strlen(cases[k]), "f", NULL, &error))
			fail_msg("%s", error.text);
		assert_int_equal(study.now.schedule.node[0].strategy, STRATEGY_STEP);
		assert_int_equal(study.ghost_kind, GHOST_OFF);
		check_round(&study, NULL);
	}
}

static void depth_and_length_are_bounded(void **state)
{
	size_t length = SAVED_BYTES + 1;
	char *bytes = malloc(length + 1);

	(void)state;
	assert_non_null(bytes);
	memset(bytes, '[', length);
	refused(bytes, 1 << 20, "line 1");
	refused(bytes, length, "longer");
	memset(bytes, ' ', length);
	refused(bytes, SAVED_BYTES, "line 1");
	memset(bytes, '"', length);
	refused(bytes, SAVED_BYTES, "line 1");
	free(bytes);
}

/* A file that is damaged at any byte is refused or still a study; never more than that. */
static void damage_is_survived(void **state)
{
	struct study study, back;
	struct text text;
	struct error error;
	int k, accepted = 0;

	(void)state;
	study_init(&study);
	study_set(&study, "init", "1,2,3", NULL);
	text_init(&text);
	saved_write(&study, NULL, &text);
	for (k = 0; k < 20000; k++) {
		size_t at = roll((unsigned)text.length);
		char was = text.bytes[at];

		text.bytes[at] = (char)roll(256);
		if (saved_read(&back, text.bytes, text.length, "f", NULL, &error)) {
			check_round(&back, NULL);
			accepted++;
		}
		if (k % 7 == 0 && at + 2 < text.length)
			assert_false(saved_read(&back, text.bytes, at, "f", NULL, &error));
		text.bytes[at] = was;
	}
	assert_true(accepted > 100 && accepted < 15000);
	text_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_study_comes_back),
		cmocka_unit_test(data_moves_with_its_study),
		cmocka_unit_test(bare_names_live_in_the_data_folder),
		cmocka_unit_test(wrong_files_are_refused_with_their_place),
		cmocka_unit_test(some_spellings_are_accepted),
		cmocka_unit_test(depth_and_length_are_bounded),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests_name("study-saved", tests, make_folder, remove_folder);
}
