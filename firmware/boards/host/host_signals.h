/* host_signals.h: faults and endless loops of a host process, seen through its signals. */
#ifndef HIL_HOST_SIGNALS_H
#define HIL_HOST_SIGNALS_H

#include <stdbool.h>

void hil_host_catch_signals(void);
/* stdio must not be touched: a signal may have come in the middle of it. */
bool hil_host_in_signal(void);

#endif
