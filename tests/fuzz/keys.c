/* Keys, clicks, typed lines, resizes and work into the whole explorer. A byte is a key by its place
 * in the table; above the table it is one of the other things, which take what follows. */
#include "explorer/check.h"
#include "explorer/drive.h"
#include "fuzz/fuzz.h"

enum { RESIZE, WORK, TICK, CLICK, TYPE, SAY, ASCII, KINDS };

#define MOST_STEPS 200

static void resize(struct drive *drive, struct input *input)
{
	int columns = (int)take_byte(input), rows = (int)take_byte(input) / 3;

	drive_resize(drive, columns, rows);
}

static void other(struct drive *drive, struct input *input, unsigned kind)
{
	char line[300];
	int x, y;

	switch (kind) {
	case RESIZE:
		resize(drive, input);
		break;
	case WORK:
		drive_work(drive, 1 + 5 * (int64_t)take_byte(input));
		break;
	case TICK:
		scope_tick(&drive->scope, (take_byte(input) - 16.0) / 64);
		break;
	case CLICK:
		x = (int)take_byte(input);
		y = (int)take_byte(input);
		drive_click(drive, x, y);
		break;
	case TYPE:
		take_line(input, line, sizeof line);
		drive_type(drive, line);
		break;
	case SAY:
		take_line(input, line, sizeof line);
		drive_line(drive, line);
		break;
	default:
		drive->canvas.ascii = !drive->canvas.ascii;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct drive drive;
	struct input input = {data, size};
	struct error error;
	struct why why;

	CLAIM(drive_open(&drive, 80, 24, &error), "%s", error.text);
	for (int step = 0; input.left > 0 && !drive.quit && step < MOST_STEPS; step++) {
		unsigned byte = take_byte(&input);

		if (byte < (unsigned)key_count)
			drive_key(&drive, key_rows[byte].key);
		else
			other(&drive, &input, (byte - (unsigned)key_count) % KINDS);
		CLAIM(!scope_wrong(&drive.scope, &why), "step %d, byte %u: %s", step, byte,
		      why.text);
		if (step % 4 == 3 || input.left == 0) {
			drive_work(&drive, 60);
			drive_draw(&drive);
			CLAIM(!canvas_wrong(&drive.canvas, &why), "step %d: %s", step, why.text);
			CLAIM(!refreshed_wrong(&drive.scope, &why), "drawn, step %d: %s", step,
			      why.text);
		}
	}
	CLAIM(!study_unlike_its_file(&drive.scope.study, &why), "%s", why.text);
	drive_close(&drive);
	return 0;
}
