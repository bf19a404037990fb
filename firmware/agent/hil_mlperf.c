/* The commands of the MLPerf Tiny text protocol: each ends with '%', each answer with "m-ready". */
#include "hil_mlperf.h"

#include <string.h>

#include "hil_internal.h"
#include "hil_mlperf_text.h"

#if HIL_MLPERF

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os") /* it waits for a person or a slow line, and a small flash has little room for it */
#endif
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

static int nibble(char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1; }

static void db_load(const char *word) {
  uint32_t n;
  received = 0;
  expected = 0;
  if (word == 0 || !hil_mlperf_number_of(word, &n) || n == 0u) {
    hil_mlperf_put("e-[Command 'db load' must be >0 bytes]\r\n");
  } else if (n > hil_mlperf_host->config.pool_bytes) {
    hil_mlperf_put_with("Supplied buffer size ", n, "");
    hil_mlperf_put_with(" exceeds maximum of ", hil_mlperf_host->config.pool_bytes, "\r\n");
  } else {
    expected = n;
    hil_mlperf_put_with("m-[Expecting ", n, " bytes]\r\n");
  }
}

static void db_print(void) {
  static const char digits[] = "0123456789abcdef";
  for (uint32_t i = 0; i < expected; i++) {
    const uint8_t byte = hil_mlperf_host->config.pool[i];
    char hex[4] = {digits[byte >> 4], digits[byte & 15u], '-', 0};
    const bool last = i % (uint32_t)LINE_BYTES == (uint32_t)LINE_BYTES - 1u || i + 1u == expected;
    hex[2] = last ? 0 : '-';
    hil_mlperf_put(i % (uint32_t)LINE_BYTES == 0u ? "m-buffer-" : "");
    hil_mlperf_put(hex);
    hil_mlperf_put(last ? "\r\n" : "");
  }
}

/* Nothing is stored of a command that is not hex throughout. */
static void db_bytes(const char *hex) {
  const uint32_t n = (uint32_t)strlen(hex);
  if (n % 2u != 0u) {
    hil_mlperf_put("e-[Insufficent number of hex digits]\r\n");
    return;
  }
  for (uint32_t i = 0; i < n; i += 2u) {
    if (nibble(hex[i]) < 0 || nibble(hex[i + 1u]) < 0) {
      hil_mlperf_put("e-[Invalid hex digit]\r\n");
      return;
    }
  }
  for (uint32_t i = 0; i < n && received < expected; i += 2u) {
    hil_mlperf_host->config.pool[received++] = (uint8_t)(nibble(hex[i]) << 4 | nibble(hex[i + 1u]));
    if (received == expected) {
      hil_mlperf_put("m-load-done\r\n");
    }
  }
}

static void on_db(char **rest) {
  char *word = hil_mlperf_next_word(rest);
  if (word == 0) {
    hil_mlperf_put("e-[db what?]\r\n");
  } else if (strcmp(word, "load") == 0) {
    db_load(hil_mlperf_next_word(rest));
  } else if (strcmp(word, "print") == 0) {
    db_print();
  } else {
    db_bytes(word);
  }
}

static const hil_mlperf_form *form_of(void) {
  return hil_mlperf_host->config.n_networks > 0u && hil_mlperf_host->config.pool != 0 ? &hil_mlperf_first : 0;
}

static void put_results(void) {
  const hil_mlperf_form *f = form_of();
  int32_t milli;
  hil_mlperf_put("m-results-[");
  for (uint32_t i = 0; f != 0 && f->result(f, hil_mlperf_host->config.networks[0], hil_mlperf_host->config.pool, i, &milli); i++) {
    hil_mlperf_put(i > 0u ? "," : "");
    hil_mlperf_put_milli(milli);
  }
  hil_mlperf_put("]\r\n");
}

/* Once after start, as a RUN does it; then the input and the state as the sample finds them. */
static int32_t prepare(const hil_mlperf_form *f, const hil_network *net) {
  int32_t status = HIL_OK;
  if (!hil_mlperf_host->initialised[0] && net->init != 0) {
    status = net->init();
  }
  hil_mlperf_host->initialised[0] = status == HIL_OK;
  if (status == HIL_OK && net->reset != 0) {
    net->reset();
  }
  f->load(f, net, hil_mlperf_host->config.pool);
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
    hil_mlperf_put("e-[No network]\r\n");
    return;
  }
  if (received != f->payload_bytes) {
    hil_mlperf_put_with("e-[Input has ", received, " bytes, ");
    hil_mlperf_put_with("expected ", f->payload_bytes, "]\r\n");
    return;
  }
  net = hil_mlperf_host->config.networks[0];
  status = prepare(f, net);
  hil_mlperf_put_with("m-warmup-start-", warm_ups, "\r\n");
  status = status == HIL_OK ? repeat(net, warm_ups) : status;
  hil_mlperf_put("m-warmup-done\r\n");
  hil_mlperf_put_with("m-infer-start-", n, "\r\n");
  hil_mlperf_put_timestamp();
  status = status == HIL_OK ? repeat(net, n) : status;
  hil_mlperf_put_timestamp();
  /* An inference may use its input's memory for what comes later: the results are those of one that found the input whole. */
  if (status == HIL_OK && n + warm_ups > 1u) {
    status = prepare(f, net);
    status = status == HIL_OK ? repeat(net, 1) : status;
  }
  hil_mlperf_put("m-infer-done\r\n");
  if (status == HIL_OK) {
    put_results();
  } else {
    hil_mlperf_put_with("e-[Network error ", (uint32_t)status, "]\r\n");
  }
}

static void on_infer(char **rest) {
  uint32_t n = 1, warm_ups = DEFAULT_WARM_UPS;
  const char *word = hil_mlperf_next_word(rest);
  if (word != 0 && (!hil_mlperf_number_of(word, &n) || n == 0u)) {
    hil_mlperf_put("e-[Inference iterations must be >0]\r\n");
    return;
  }
  word = hil_mlperf_next_word(rest);
  if (word != 0 && !hil_mlperf_number_of(word, &warm_ups)) {
    hil_mlperf_put("e-[Inference warmup must be >=0]\r\n");
    return;
  }
  infer(n, warm_ups);
}

static void answer(void) {
  char *rest = command;
  const char *word = hil_mlperf_next_word(&rest);
  const hil_mlperf_form *f = form_of();
  if (word == 0) {
    word = "";
  }
  if (strcmp(word, "name") == 0) {
    hil_mlperf_put("m-name-dut-[hil]\r\n");
  } else if (strcmp(word, "timestamp") == 0) {
    hil_mlperf_put_timestamp();
  } else if (strcmp(word, "profile") == 0) {
    hil_mlperf_put("m-profile-[ULPMark for tinyML Firmware V0.0.1]\r\nm-model-[");
    hil_mlperf_put(f == 0 ? "none" : f->model);
    hil_mlperf_put("]\r\n");
  } else if (strcmp(word, "help") == 0) {
    hil_mlperf_put("name profile timestamp results db infer\r\n");
  } else if (strcmp(word, "db") == 0) {
    on_db(&rest);
  } else if (strcmp(word, "infer") == 0) {
    on_infer(&rest);
  } else if (strcmp(word, "results") == 0) {
    put_results();
  } else {
    hil_mlperf_put("e-[Unknown command: ");
    hil_mlperf_put(word);
    hil_mlperf_put("]\r\n");
  }
  hil_mlperf_put("m-ready\r\n");
  if (hil_mlperf_host->port->flush != 0) {
    hil_mlperf_host->port->flush(hil_mlperf_host->port->ctx);
  }
}

void hil_mlperf_byte(hil_agent *a, uint8_t byte) {
  if (byte == (uint8_t)'%') {
    command[command_length] = 0;
    command_length = 0;
    hil_mlperf_host = a;
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
