/* The commands of the MLPerf Tiny text protocol: each ends with '%', each answer with "m-ready". */
#include "hil_mlperf.h"

#include <string.h>

#include "hil_internal.h"

#if HIL_MLPERF

#if defined(__GNUC__)
#define WEAK __attribute__((weak)) /* a table written by hand may leave it out */
#else
#define WEAK
#endif
extern const hil_mlperf_form hil_mlperf_first WEAK;

enum { COMMAND_BYTES = 80, LINE_BYTES = 8, DEFAULT_WARM_UPS = 10 };

static char command[COMMAND_BYTES + 1];
static uint32_t command_length;
static uint32_t expected; /* bytes of `db load`; 0: none asked for */
static uint32_t received;

static void put(hil_agent *a, const char *text) { a->port->write(a->port->ctx, (const uint8_t *)text, (uint32_t)strlen(text)); }

static void put_number(hil_agent *a, uint32_t n) {
  char digits[11];
  char *p = digits + sizeof digits - 1;
  *p = 0;
  do {
    *--p = (char)('0' + n % 10u);
    n /= 10u;
  } while (n > 0u);
  put(a, p);
}

static void put_milli(hil_agent *a, int32_t milli) {
  const uint32_t size = milli < 0 ? 0u - (uint32_t)milli : (uint32_t)milli;
  char fraction[5] = {'.', '0', '0', '0', 0};
  uint32_t rest = size % 1000u;
  for (uint32_t i = 3; i > 0u; i--) {
    fraction[i] = (char)('0' + rest % 10u);
    rest /= 10u;
  }
  put(a, milli < 0 ? "-" : "");
  put_number(a, size / 1000u);
  put(a, fraction);
}

static void put_with(hil_agent *a, const char *before, uint32_t n, const char *after) {
  put(a, before);
  put_number(a, n);
  put(a, after);
}

/* Microseconds since the clock's start, in 32 bits as every other firmware prints them. */
static void put_timestamp(hil_agent *a) {
  put_with(a, "m-lap-us-", (uint32_t)(hil_now(a) * 1000000u / a->port->tick_hz), "\r\n");
}

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

static void db_load(hil_agent *a, const char *word) {
  uint32_t n;
  if (word == 0) {
    put(a, "e-[Command 'db load' requires the # of bytes]\r\n");
    return;
  }
  received = 0;
  expected = 0;
  if (!number_of(word, &n) || n == 0u) {
    put(a, "e-[Command 'db load' must be >0 bytes]\r\n");
  } else if (n > a->config.pool_bytes) {
    put_with(a, "Supplied buffer size ", n, " exceeds maximum of ");
    put_number(a, a->config.pool_bytes);
    put(a, "\r\n");
  } else {
    expected = n;
    put_with(a, "m-[Expecting ", n, " bytes]\r\n");
  }
}

static void db_print(hil_agent *a) {
  static const char digits[] = "0123456789abcdef";
  for (uint32_t i = 0; i < expected; i++) {
    const uint8_t byte = a->config.pool[i];
    char hex[4] = {digits[byte >> 4], digits[byte & 15u], '-', 0};
    const bool last = i % (uint32_t)LINE_BYTES == (uint32_t)LINE_BYTES - 1u || i + 1u == expected;
    hex[2] = last ? 0 : '-';
    put(a, i % (uint32_t)LINE_BYTES == 0u ? "m-buffer-" : "");
    put(a, hex);
    put(a, last ? "\r\n" : "");
  }
}

/* Nothing is stored of a command that is not hex throughout. */
static void db_bytes(hil_agent *a, const char *hex) {
  const uint32_t n = (uint32_t)strlen(hex);
  if (n % 2u != 0u) {
    put(a, "e-[Insufficent number of hex digits]\r\n");
    return;
  }
  for (uint32_t i = 0; i < n; i += 2u) {
    if (nibble(hex[i]) < 0 || nibble(hex[i + 1u]) < 0) {
      const char pair[3] = {hex[i], hex[i + 1u], 0};
      put(a, "e-[Invalid hex digit '");
      put(a, pair);
      put(a, "']\r\n");
      return;
    }
  }
  for (uint32_t i = 0; i < n && received < expected; i += 2u) {
    a->config.pool[received++] = (uint8_t)(nibble(hex[i]) << 4 | nibble(hex[i + 1u]));
    if (received == expected) {
      put(a, "m-load-done\r\n");
    }
  }
}

static void on_db(hil_agent *a, char **rest) {
  char *word = next_word(rest);
  if (word == 0) {
    put(a, "e-[Command 'db' requires a subcommand]\r\n");
  } else if (strcmp(word, "load") == 0) {
    db_load(a, next_word(rest));
  } else if (strcmp(word, "print") == 0) {
    db_print(a);
  } else {
    db_bytes(a, word);
  }
}

static const hil_mlperf_form *form_of(const hil_agent *a) {
  return a->config.n_networks > 0u && a->config.pool != 0 ? &hil_mlperf_first : 0;
}

static void put_results(hil_agent *a) {
  const hil_mlperf_form *f = form_of(a);
  int32_t milli;
  put(a, "m-results-[");
  for (uint32_t i = 0; f != 0 && f->result(f, a->config.networks[0], a->config.pool, i, &milli); i++) {
    put(a, i > 0u ? "," : "");
    put_milli(a, milli);
  }
  put(a, "]\r\n");
}

/* Once after start, as a RUN does it. */
static int32_t prepare(hil_agent *a, const hil_network *net) {
  int32_t status = HIL_OK;
  if (!a->initialised[0] && net->init != 0) {
    status = net->init();
  }
  a->initialised[0] = status == HIL_OK;
  if (status == HIL_OK && net->reset != 0) {
    net->reset();
  }
  return status;
}

static int32_t repeat(const hil_network *net, uint32_t n) {
  int32_t status = HIL_OK;
  while (n-- > 0u && status == HIL_OK) {
    status = net->invoke(0, 0);
  }
  return status;
}

static void infer(hil_agent *a, uint32_t n, uint32_t warm_ups) {
  const hil_mlperf_form *f = form_of(a);
  const hil_network *net;
  int32_t status;
  if (f == 0) {
    put(a, "e-[The image has no network for this protocol]\r\n");
    return;
  }
  if (received != f->payload_bytes) {
    put_with(a, "e-[The buffer holds ", received, " bytes, the input takes ");
    put_with(a, "", f->payload_bytes, "]\r\n");
    return;
  }
  net = a->config.networks[0];
  status = prepare(a, net);
  f->load(f, net, a->config.pool);
  put_with(a, "m-warmup-start-", warm_ups, "\r\n");
  status = status == HIL_OK ? repeat(net, warm_ups) : status;
  put(a, "m-warmup-done\r\n");
  put_with(a, "m-infer-start-", n, "\r\n");
  put_timestamp(a);
  status = status == HIL_OK ? repeat(net, n) : status;
  put_timestamp(a);
  put(a, "m-infer-done\r\n");
  if (status == HIL_OK) {
    put_results(a);
  } else {
    put_with(a, "e-[The network returned error ", (uint32_t)status, "]\r\n");
  }
}

static void on_infer(hil_agent *a, char **rest) {
  uint32_t n = 1, warm_ups = DEFAULT_WARM_UPS;
  const char *word = next_word(rest);
  if (word != 0 && (!number_of(word, &n) || n == 0u)) {
    put(a, "e-[Inference iterations must be >0]\r\n");
    return;
  }
  word = next_word(rest);
  if (word != 0 && !number_of(word, &warm_ups)) {
    put(a, "e-[Inference warmup must be >=0]\r\n");
    return;
  }
  infer(a, n, warm_ups);
}

static void answer(hil_agent *a) {
  char *rest = command;
  const char *word = next_word(&rest);
  const hil_mlperf_form *f = form_of(a);
  if (word == 0) {
    put(a, "e-[Unknown command: ]\r\n");
  } else if (strcmp(word, "name") == 0) {
    put(a, "m-name-dut-[hil]\r\n");
  } else if (strcmp(word, "timestamp") == 0) {
    put_timestamp(a);
  } else if (strcmp(word, "profile") == 0) {
    put(a, "m-profile-[ULPMark for tinyML Firmware V0.0.1]\r\nm-model-[");
    put(a, f == 0 ? "none" : f->model);
    put(a, "]\r\n");
  } else if (strcmp(word, "help") == 0) {
    put(a, "name profile timestamp results\r\ndb load N, db HH..., db print\r\ninfer N [W]\r\n");
  } else if (strcmp(word, "db") == 0) {
    on_db(a, &rest);
  } else if (strcmp(word, "infer") == 0) {
    on_infer(a, &rest);
  } else if (strcmp(word, "results") == 0) {
    put_results(a);
  } else {
    put(a, "e-[Unknown command: ");
    put(a, word);
    put(a, "]\r\n");
  }
  put(a, "m-ready\r\n");
  if (a->port->flush != 0) {
    a->port->flush(a->port->ctx);
  }
}

void hil_mlperf_byte(hil_agent *a, uint8_t byte) {
  if (byte == (uint8_t)'%') {
    command[command_length] = 0;
    command_length = 0;
    answer(a);
  } else if (byte >= 0x20u && byte < 0x7Fu) {
    /* Beyond the buffer the last character is overwritten, so that what is too long is an unknown command. */
    if (command_length == (uint32_t)COMMAND_BYTES) {
      command_length--;
    }
    command[command_length++] = (char)byte;
  }
}

#endif
