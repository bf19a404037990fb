/* hil_protocol.h: the numbers of docs/protocol.md. Nothing here is the agent's own choice. */
#ifndef HIL_PROTOCOL_H
#define HIL_PROTOCOL_H

enum { HIL_PROTOCOL_VERSION = 2, HIL_DIGEST_WORDS = 2 };

/* Frame types: requests below 0x80, everything the device sends from 0x80 on. */
enum {
  HIL_HELLO = 0x01,
  HIL_NETWORK = 0x02,
  HIL_WRITE = 0x03,
  HIL_READ = 0x04,
  HIL_RUN = 0x05,
  HIL_COPY = 0x06,
  HIL_BAUD = 0x07,
  HIL_FROM_DEVICE = 0x80,
  HIL_HELLO_OK = 0x81,
  HIL_NETWORK_OK = 0x82,
  HIL_WRITE_OK = 0x83,
  HIL_DATA = 0x84,
  HIL_RUN_DONE = 0x85,
  HIL_COPY_OK = 0x86,
  HIL_BAUD_OK = 0x87,
  HIL_PROGRESS = 0xA0,
  HIL_FAULT = 0xA1,
  HIL_HANG = 0xA2,
  HIL_DAMAGED = 0xA3,
  HIL_BOOT = 0xA4,
  HIL_REFUSED = 0xAF
};

enum { HIL_DAMAGE_CRC = 1, HIL_DAMAGE_TOO_LONG = 2, HIL_DAMAGE_MALFORMED = 3 };

enum {
  HIL_REFUSE_TYPE = 1,
  HIL_REFUSE_LENGTH = 2,
  HIL_REFUSE_RANGE = 3,
  HIL_REFUSE_NETWORK = 4,
  HIL_REFUSE_ARGUMENT = 5
};

/* HELLO_OK: counters and flags. */
enum { HIL_COUNTER_SYSTICK = 1, HIL_COUNTER_DWT = 2, HIL_COUNTER_PMU = 4, HIL_COUNTER_HOST = 8 };
enum { HIL_CAN_PAINT = 1, HIL_CAN_CATCH_HANGS = 2, HIL_CAN_REPORT_FAULTS = 4, HIL_CAN_CHANGE_BAUD = 8, HIL_HAS_PRELOAD = 16 };

/* BOOT: why the chip was reset, as far as it tells. */
enum {
  HIL_CAUSE_POWER_ON = 1,
  HIL_CAUSE_PIN = 2,
  HIL_CAUSE_SOFTWARE = 4,
  HIL_CAUSE_WATCHDOG = 8,
  HIL_CAUSE_BROWN_OUT = 16,
  HIL_CAUSE_LOCKUP = 32,
  HIL_CAUSE_DEBUGGER = 64
};

/* NETWORK_OK. */
enum { HIL_NETWORK_SCRATCH_KNOWN = 1 };

enum { HIL_SPACE_POOL = 0, HIL_SPACE_PRELOAD = 1 };

/* RUN: modes, flags, results. */
enum {
  HIL_MODE_PLAIN = 0,
  HIL_MODE_DIGEST = 1,
  HIL_MODE_CAPTURE = 2,
  HIL_MODE_TIME_TOTAL = 3,
  HIL_MODE_TIME_LAYERS = 4,
  HIL_MODES = 5
};
enum {
  HIL_RUN_RESET = 1,
  HIL_RUN_SAVE = 2,
  HIL_RUN_RESTORE = 4,
  HIL_RUN_PAINT = 8,
  HIL_RUN_FILL = 16, /* with which byte: bits 5 and 6 */
  HIL_RUN_FILL_SHIFT = 5,
  HIL_RUN_FLAGS = 127
};
enum { HIL_RUN_OK = 0, HIL_RUN_NETWORK = 1, HIL_RUN_BAD_TAP = 2, HIL_RUN_INIT = 3 };

/* FAULT and HANG. Kinds beside the exception numbers: */
enum { HIL_KIND_ASSERT = 0x100, HIL_KIND_EXIT = 0x101 };
enum {
  HIL_FAULT_STACKED = 1,
  HIL_FAULT_V7M = 2,
  HIL_FAULT_V8M = 4,
  HIL_FAULT_SIGNAL = 8,
  HIL_FAULT_PC_GUESSED = 16
};

enum {
  HIL_NO_LAYER = 0xFFFF,
  HIL_FRAME_OVERHEAD = 6, /* type, seq and CRC-32 of a body */
  HIL_RUN_FIXED_BYTES = 54,
  HIL_RUN_DONE_BYTES = 48,
  HIL_DIGEST_ENTRY_BYTES = 8,
  HIL_TIME_HEADER_BYTES = 16,
  HIL_TIME_ENTRY_BYTES = 24,
  HIL_EMPTY_TAPS = 64 /* calls that make up overheadTicks */
};

#endif
