/* The commands of the MLPerf Tiny text protocol: each ends with '%', each answer with "m-ready". */
#include "hil_mlperf.h"

#include <string.h>

#include "hil_internal.h"

#if HIL_MLPERF

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os") /* it waits for a person or a slow line, and a small flash has little room for it */
#endif
#if defined(__GNUC__)
#define APART __attribute__((noinline))
#define WEAK __attribute__((weak)) /* a table written by hand may leave it out */
#else
#define APART
#define WEAK
#endif
extern const hil_mlperf_form hil_mlperf_first WEAK;

enum { COMMAND_BYTES = 80, LINE_BYTES = 8, DEFAULT_WARM_UPS = 10 };

static hil_agent *host; /* whose command is being answered */
static char command[COMMAND_BYTES + 1];
static uint32_t command_length;
static uint32_t expected; /* bytes of `db load`; 0: none asked for */
static uint32_t received;

APART static void put(const char *text) { host->port->write(host->port->ctx, (const uint8_t *)text, (uint32_t)strlen(text)); }

APART static void put_number(uint32_t n) {
  char digits[11];
  char *p = digits + sizeof digits - 1;
  *p = 0;
  do {
    *--p = (char)('0' + n % 10u);
    n /= 10u;
  } while (n > 0u);
  put(p);
}

static void put_milli(int32_t milli) {
  const uint32_t size = milli < 0 ? 0u - (uint32_t)milli : (uint32_t)milli;
  char fraction[5] = {'.', '0', '0', '0', 0};
  uint32_t rest = size % 1000u;
  for (uint32_t i = 3; i > 0u; i--) {
    fraction[i] = (char)('0' + rest % 10u);
    rest /= 10u;
  }
  put(milli < 0 ? "-" : "");
  put_number(size / 1000u);
  put(fraction);
}

APART static void put_with(const char *before, uint32_t n, const char *after) {
  put(before);
  put_number(n);
  put(after);
}

/* ticks * 1000000 / tick_hz modulo 2^32, bit by bit: the compiler's own 64-bit division takes 600 bytes of a small core's flash. */
static uint32_t microseconds(uint64_t ticks) {
  uint64_t dividend = ticks * 1000000u;
  uint32_t quotient = 0, rest = 0;
  for (uint32_t i = 0; i < 64u; i++) {
    rest = rest << 1 | (uint32_t)(dividend >> 63);
    dividend <<= 1;
    quotient <<= 1;
    if (rest >= host->port->tick_hz) {
      rest -= host->port->tick_hz;
      quotient |= 1u;
    }
  }
  return quotient;
}

/* Since the clock's start, in 32 bits as every firmware prints it. */
static void put_timestamp(void) { put_with("m-lap-us-", microseconds(hil_now(host)), "\r\n"); }

/* The next word of the command, 0 where there is none. */
static char *next_word(char **rest) {
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

/* Digits only; false for anything else, or more than 9 of them. */
static bool number_of(const char *word, uint32_t *n) {
  uint32_t digits = 0;
  *n = 0;
  for (; word[digits] >= '0' && word[digits] <= '9' && digits < 9u; digits++) {
    *n = *n * 10u + (uint32_t)(word[digits] - '0');
  }
  return digits > 0u && word[digits] == 0;
}

static int nibble(char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1; }

static void db_load(const char *word) {
  uint32_t n;
  received = 0;
  expected = 0;
  if (word == 0 || !number_of(word, &n) || n == 0u) {
    put("e-[Command 'db load' must be >0 bytes]\r\n");
  } else if (n > host->config.pool_bytes) {
    put_with("Supplied buffer size ", n, "");
    put_with(" exceeds maximum of ", host->config.pool_bytes, "\r\n");
  } else {
    expected = n;
    put_with("m-[Expecting ", n, " bytes]\r\n");
  }
}

static void db_print(void) {
  static const char digits[] = "0123456789abcdef";
  for (uint32_t i = 0; i < expected; i++) {
    const uint8_t byte = host->config.pool[i];
    char hex[4] = {digits[byte >> 4], digits[byte & 15u], '-', 0};
    const bool last = i % (uint32_t)LINE_BYTES == (uint32_t)LINE_BYTES - 1u || i + 1u == expected;
    hex[2] = last ? 0 : '-';
    put(i % (uint32_t)LINE_BYTES == 0u ? "m-buffer-" : "");
    put(hex);
    put(last ? "\r\n" : "");
  }
}

/* Nothing is stored of a command that is not hex throughout. */
static void db_bytes(const char *hex) {
  const uint32_t n = (uint32_t)strlen(hex);
  if (n % 2u != 0u) {
    put("e-[Insufficent number of hex digits]\r\n");
    return;
  }
  for (uint32_t i = 0; i < n; i += 2u) {
    if (nibble(hex[i]) < 0 || nibble(hex[i + 1u]) < 0) {
      put("e-[Invalid hex digit]\r\n");
      return;
    }
  }
  for (uint32_t i = 0; i < n && received < expected; i += 2u) {
    host->config.pool[received++] = (uint8_t)(nibble(hex[i]) << 4 | nibble(hex[i + 1u]));
    if (received == expected) {
      put("m-load-done\r\n");
    }
  }
}

static void on_db(char **rest) {
  char *word = next_word(rest);
  if (word == 0) {
    put("e-[db what?]\r\n");
  } else if (strcmp(word, "load") == 0) {
    db_load(next_word(rest));
  } else if (strcmp(word, "print") == 0) {
    db_print();
  } else {
    db_bytes(word);
  }
}

static const hil_mlperf_form *form_of(void) {
  return host->config.n_networks > 0u && host->config.pool != 0 ? &hil_mlperf_first : 0;
}

static void put_results(void) {
  const hil_mlperf_form *f = form_of();
  int32_t milli;
  put("m-results-[");
  for (uint32_t i = 0; f != 0 && f->result(f, host->config.networks[0], host->config.pool, i, &milli); i++) {
    put(i > 0u ? "," : "");
    put_milli(milli);
  }
  put("]\r\n");
}

/* Once after start, as a RUN does it; then the input and the state as the sample finds them. */
static int32_t prepare(const hil_mlperf_form *f, const hil_network *net) {
  int32_t status = HIL_OK;
  if (!host->initialised[0] && net->init != 0) {
    status = net->init();
  }
  host->initialised[0] = status == HIL_OK;
  if (status == HIL_OK && net->reset != 0) {
    net->reset();
  }
  f->load(f, net, host->config.pool);
  return status;
}

static int32_t repeat(const hil_network *net, uint32_t n) {
  int32_t status = HIL_OK;
  while (n-- > 0u && status == HIL_OK) {
    status = net->invoke(0, 0);
  }
  return status;
}

static void infer(uint32_t n, uint32_t warm_ups) {
  const hil_mlperf_form *f = form_of();
  const hil_network *net;
  int32_t status;
  if (f == 0) {
    put("e-[No network]\r\n");
    return;
  }
  if (received != f->payload_bytes) {
    put_with("e-[Input has ", received, " bytes, ");
    put_with("expected ", f->payload_bytes, "]\r\n");
    return;
  }
  net = host->config.networks[0];
  status = prepare(f, net);
  put_with("m-warmup-start-", warm_ups, "\r\n");
  status = status == HIL_OK ? repeat(net, warm_ups) : status;
  put("m-warmup-done\r\n");
  put_with("m-infer-start-", n, "\r\n");
  put_timestamp();
  status = status == HIL_OK ? repeat(net, n) : status;
  put_timestamp();
  /* An inference may use its input's memory for what comes later: the results are those of one that found the input whole. */
  if (status == HIL_OK && n + warm_ups > 1u) {
    status = prepare(f, net);
    status = status == HIL_OK ? repeat(net, 1) : status;
  }
  put("m-infer-done\r\n");
  if (status == HIL_OK) {
    put_results();
  } else {
    put_with("e-[Network error ", (uint32_t)status, "]\r\n");
  }
}

static void on_infer(char **rest) {
  uint32_t n = 1, warm_ups = DEFAULT_WARM_UPS;
  const char *word = next_word(rest);
  if (word != 0 && (!number_of(word, &n) || n == 0u)) {
    put("e-[Inference iterations must be >0]\r\n");
    return;
  }
  word = next_word(rest);
  if (word != 0 && !number_of(word, &warm_ups)) {
    put("e-[Inference warmup must be >=0]\r\n");
    return;
  }
  infer(n, warm_ups);
}

static void answer(void) {
  char *rest = command;
  const char *word = next_word(&rest);
  const hil_mlperf_form *f = form_of();
  if (word == 0) {
    word = "";
  }
  if (strcmp(word, "name") == 0) {
    put("m-name-dut-[hil]\r\n");
  } else if (strcmp(word, "timestamp") == 0) {
    put_timestamp();
  } else if (strcmp(word, "profile") == 0) {
    put("m-profile-[ULPMark for tinyML Firmware V0.0.1]\r\nm-model-[");
    put(f == 0 ? "none" : f->model);
    put("]\r\n");
  } else if (strcmp(word, "help") == 0) {
    put("name profile timestamp results db infer\r\n");
  } else if (strcmp(word, "db") == 0) {
    on_db(&rest);
  } else if (strcmp(word, "infer") == 0) {
    on_infer(&rest);
  } else if (strcmp(word, "results") == 0) {
    put_results();
  } else {
    put("e-[Unknown command: ");
    put(word);
    put("]\r\n");
  }
  put("m-ready\r\n");
  if (host->port->flush != 0) {
    host->port->flush(host->port->ctx);
  }
}

void hil_mlperf_byte(hil_agent *a, uint8_t byte) {
  if (byte == (uint8_t)'%') {
    command[command_length] = 0;
    command_length = 0;
    host = a;
    answer();
  } else if (byte >= 0x20u && byte < 0x7Fu) {
    /* Beyond the buffer the last character is overwritten, so that what is too long is an unknown command. */
    if (command_length == (uint32_t)COMMAND_BYTES) {
      command_length--;
    }
    command[command_length++] = (char)byte;
  }
}

#endif
