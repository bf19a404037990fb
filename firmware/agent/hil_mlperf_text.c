/* Printing and reading words, without printf and strtok. */
#include "hil_mlperf_text.h"

#include <string.h>

#include "hil_internal.h"

#if HIL_MLPERF

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os")
#endif

hil_agent *hil_mlperf_host;

void hil_mlperf_put(const char *text) { hil_mlperf_host->port->write(hil_mlperf_host->port->ctx, (const uint8_t *)text, (uint32_t)strlen(text)); }

void hil_mlperf_put_number(uint32_t n) {
  char digits[11];
  char *p = digits + sizeof digits - 1;
  *p = 0;
  do {
    *--p = (char)('0' + n % 10u);
    n /= 10u;
  } while (n > 0u);
  hil_mlperf_put(p);
}

void hil_mlperf_put_milli(int32_t milli) {
  const uint32_t size = milli < 0 ? 0u - (uint32_t)milli : (uint32_t)milli;
  char fraction[5] = {'.', '0', '0', '0', 0};
  uint32_t rest = size % 1000u;
  for (uint32_t i = 3; i > 0u; i--) {
    fraction[i] = (char)('0' + rest % 10u);
    rest /= 10u;
  }
  hil_mlperf_put(milli < 0 ? "-" : "");
  hil_mlperf_put_number(size / 1000u);
  hil_mlperf_put(fraction);
}

void hil_mlperf_put_with(const char *before, uint32_t n, const char *after) {
  hil_mlperf_put(before);
  hil_mlperf_put_number(n);
  hil_mlperf_put(after);
}

/* n / d, with what is left over, bit by bit: the compiler's own 64-bit division takes 600 bytes of a small core's flash. */
static uint32_t divided(uint64_t n, uint32_t d, uint32_t *rest) {
  uint32_t quotient = 0;
  *rest = 0;
  for (uint32_t i = 0; i < 64u; i++) {
    *rest = *rest << 1 | (uint32_t)(n >> 63);
    n <<= 1;
    quotient <<= 1;
    if (*rest >= d) {
      *rest -= d;
      quotient |= 1u;
    }
  }
  return quotient;
}

void hil_mlperf_put_timestamp(void) {
  const uint32_t hz = hil_mlperf_host->port->tick_hz;
  uint32_t rest, none;
  const uint32_t seconds = divided(hil_now(hil_mlperf_host), hz, &rest);
  hil_mlperf_put_with("m-lap-us-", seconds * 1000000u + divided((uint64_t)rest * 1000000u, hz, &none), "\r\n");
}

char *hil_mlperf_next_word(char **rest) {
  char *word;
  while (**rest == ' ') {
    (*rest)++;
  }
  word = *rest;
  while (**rest != 0 && **rest != ' ') {
    (*rest)++;
  }
  if (**rest != 0) {
    *(*rest)++ = 0;
  }
  return *word == 0 ? 0 : word;
}

bool hil_mlperf_number_of(const char *word, uint32_t *n) {
  uint32_t digits = 0;
  *n = 0;
  for (; word[digits] >= '0' && word[digits] <= '9' && digits < 9u; digits++) {
    *n = *n * 10u + (uint32_t)(word[digits] - '0');
  }
  return digits > 0u && word[digits] == 0;
}

#endif
