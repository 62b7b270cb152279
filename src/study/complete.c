#include "study/private.h"
