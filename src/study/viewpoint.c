/* How the study is looked at, to begin with. */
#include "study/viewpoint.h"

#include <string.h>

void viewpoint_init(struct viewpoint *viewpoint)
{
	memset(viewpoint, 0, sizeof *viewpoint);
	viewpoint->cursor = -1;
	viewpoint->playhead = -1;
	viewpoint->loss_axis[LOSS_EXCESS].log = true;
}
