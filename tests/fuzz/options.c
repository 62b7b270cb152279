/* The command line: words with NUL between them, the first names the command. What is accepted as a
 * setting is bound, walked a little, and written as a command line that gives it back. */
#include "export/pytorch.h"
#include "fuzz/fuzz.h"
#include "lrscope/batch.h"

static void use(const struct setting *setting)
{
	struct error error = {.kind = ERROR_NONE};
	struct clock clock = {.run = true, .steps = 100, .needed = 99, .epochs = 10, .batches = 10};
	struct scheduler scheduler;
	struct scheduler_state state;
	struct text text;

	text_init(&text);
	if (!export_pytorch(setting, &text, &error))
		claim_sentence(&error);
	text_done(&text);
	error.kind = ERROR_NONE;
	if (!scheduler_bind(&scheduler, &setting->schedule, &clock, &error)) {
		claim_sentence(&error);
		return;
	}
	if (!scheduler_start(&scheduler, &state, &error)) {
		claim_sentence(&error);
		return;
	}
	for (int i = 0; i < 20; i++)
		if (!scheduler_next(&scheduler, &state, 1.0 / (i + 1), &error)) {
			claim_sentence(&error);
			break;
		}
}

static void request(const struct batch_command *command, int count, char **words)
{
	struct error error = {.kind = ERROR_NONE};
	struct request request;
	struct setting setting;
	int columns, rows;
	int64_t steps = 0;

	if (!request_read(&request, command, count, words, &error)) {
		claim_sentence(&error);
		return;
	}
	if (request.help)
		return;
	if (!request_integer(&request, "--steps", 1, &steps, &error) ||
	    !batch_size(&request, &columns, &rows, &error)) {
		claim_sentence(&error);
		return;
	}
	if (!command->settings)
		return;
	const char *name = command->least ? request.words[command->least - 1] : NULL;
	if (!name)
		return;
	if (!batch_setting(&request, name, count % 2 == 0, &setting, &error))
		claim_sentence(&error);
	else
		use(&setting);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char store[4096];
	char *words[80];
	size_t length = size < sizeof store - 1 ? size : sizeof store - 1;
	int count = 0;

	memcpy(store, data, length);
	store[length] = '\0';
	for (size_t at = 0; at < length && count < 79; at += strlen(store + at) + 1)
		words[count++] = store + at;
	words[count] = NULL;
	if (count == 0)
		return 0;
	const struct batch_command *command = batch_find(words[0]);
	if (command) {
		request(command, count - 1, words + 1);
	} else {
		struct error error = {.kind = ERROR_NONE};
		batch_unknown(words[0], &error);
		claim_sentence(&error);
	}
	return 0;
}
