/* hil_mlperf_text.h: what the commands of hil_mlperf.c print and are made of. */
#ifndef HIL_MLPERF_TEXT_H
#define HIL_MLPERF_TEXT_H

#include "hil_agent.h"

extern hil_agent *hil_mlperf_host; /* whose command is being answered */

void hil_mlperf_put(const char *text);
void hil_mlperf_put_number(uint32_t n);
void hil_mlperf_put_with(const char *before, uint32_t n, const char *after);
/* A number in thousandths, with a point and three decimals. */
void hil_mlperf_put_milli(int32_t milli);
/* Microseconds since the clock's start, in 32 bits as every firmware prints them. */
void hil_mlperf_put_timestamp(void);

/* The next word between spaces, which is ended where it stands; 0 where there is none. */
char *hil_mlperf_next_word(char **rest);
/* Digits only; false for anything else, or more than 9 of them. */
bool hil_mlperf_number_of(const char *word, uint32_t *n);

#endif
