/* The metrics of a plateau trace, and the trace that they drive. */
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "lrscope/metrics.h"
#include "schedule/schedule.h"

static void drive(const struct metrics *metrics, unsigned how)
{
	static const char *const words[][2] = {{"patience", "0"}, {"mode", "max"},
		{"threshold_mode", "abs"}, {"cooldown", "2"}, {"factor", "0.5"}, {"min_lr", "1e-3"},
		{"eps", "0"}, {"threshold", "0"}};
	struct error error = {.kind = ERROR_NONE};
	struct clock clock = {.steps = (int64_t)metrics->count + 1};
	struct schedule schedule = schedule_of(STRATEGY_PLATEAU);
	struct scheduler scheduler;
	struct scheduler_state state;
	double last;

	for (unsigned i = 0; i < 8; i++)
		if (how >> i & 1)
			schedule_set(&schedule, words[i][0], words[i][1], NULL);
	CLAIM(scheduler_bind(&scheduler, &schedule, &clock, &error), "%s", error.text);
	CLAIM(scheduler_start(&scheduler, &state, &error), "%s", error.text);
	last = state.rate.lr;
	for (size_t i = 0; i < metrics->count; i++) {
		CLAIM(scheduler_next(&scheduler, &state, metrics->values[i], &error), "%s",
		      error.text);
		CLAIM(state.rate.lr <= last && state.rate.lr >= 0, "%g after %g", state.rate.lr,
		      last);
		last = state.rate.lr;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = {.kind = ERROR_NONE};
	struct metrics metrics;
	char path[64];
	int descriptor = memfd_create("metrics", MFD_CLOEXEC);
	unsigned how = size ? data[0] : 0;

	CLAIM(descriptor >= 0, "no memory file");
	CLAIM(size < 2 || write(descriptor, data + 1, size - 1) == (ssize_t)size - 1, "short write");
	snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
	metrics_init(&metrics);
	if (!metrics_read(&metrics, path, &error))
		claim_sentence(&error);
	else
		drive(&metrics, how);
	metrics_done(&metrics);
	close(descriptor);
	return 0;
}
