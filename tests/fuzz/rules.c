/* A rules file: read, asked with answers that follow from its bytes, every sentence written. */
#include "advisor/advisor.h"
#include "fuzz/fuzz.h"

static void write_sentences(const struct advisor *advisor, const struct advice *advice)
{
	struct text text;

	text_init(&text);
	advisor_lead(advisor, advice, &text);
	for (int i = 0; i < advice->count; i++) {
		const struct recommendation *item = &advice->list[i];

		for (int k = 0; k < item->reason_count; k++)
			advisor_for(advisor, item->reasons[k], &text);
		for (int k = 0; k < item->against_count; k++)
			advisor_against(advisor, item->against[k], &text);
	}
	for (int q = 0; q < advisor->question_count; q++)
		for (int o = 0; o < advisor->questions[q].option_count; o++)
			advisor_difference(advisor, q, o, &text);
	text_done(&text);
}

static void ask(const struct advisor *advisor, uint32_t seed)
{
	static struct advice advice;
	struct answers answers;
	bool seen[ADVISOR_STRATEGIES] = {false};

	answers_init(&answers);
	for (int q = 0; q < advisor->question_count; q++) {
		int option = (int)(seed % (unsigned)(advisor->questions[q].option_count + 1)) - 1;

		seed = seed * 1664525u + 1013904223u;
		answers.option[q] = option;
		answers.decisive[q] = option >= 0 && seed >> 30 == 0;
	}
	advise(advisor, &answers, &advice);
	CLAIM(advice.count == advisor->strategy_count, "%d of %d strategies", advice.count,
	      advisor->strategy_count);
	for (int i = 0; i < advice.count; i++) {
		int id = advice.list[i].strategy;

		CLAIM(id >= 0 && id < advisor->strategy_count && !seen[id], "strategy %d", id);
		seen[id] = true;
		CLAIM(i == 0 || advice.list[i].rank >= advice.list[i - 1].rank, "ranks fall");
	}
	write_sentences(advisor, &advice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const languages[] = {"en", "zh_CN.UTF-8", "", "de:en"};
	struct error error = {.kind = ERROR_NONE};
	struct advisor advisor;
	uint32_t seed = 2166136261u;

	for (size_t i = 0; i < size; i++)
		seed = (seed ^ data[i]) * 16777619u;
	advisor_init(&advisor);
	if (!advisor_read(&advisor, (const char *)data, size, "\x1b]0;x\x07.json",
			  languages[seed % 4], &error))
		claim_sentence(&error);
	else
		for (unsigned k = 0; k < 8; k++)
			ask(&advisor, seed * (k + 1) + k);
	advisor_done(&advisor);
	return 0;
}
