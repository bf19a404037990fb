/* The same main() for every board: set up, then answer the host for ever. */
#include "hil_board.h"

#ifndef HIL_BUILD_ID_HEX
#define HIL_BUILD_ID_HEX "00000000000000000000000000000000"
#endif
#ifndef HIL_POOL_BYTES
#error "the board must define HIL_POOL_BYTES"
#endif
#ifndef HIL_MAX_PAYLOAD
#define HIL_MAX_PAYLOAD 4096
#endif
#ifndef HIL_RX_WINDOW
#error "the board must define HIL_RX_WINDOW"
#endif

hil_agent *hil_board_agent;

/* A section of its own: too large to be zeroed at each start, and some boards keep it in a memory of its own. */
static uint8_t pool[HIL_POOL_BYTES] __attribute__((section(".hil_pool"), aligned(16)));
static uint8_t frame[HIL_MAX_PAYLOAD + HIL_FRAME_OVERHEAD];
static hil_agent agent;
static hil_port port;

static uint8_t nibble(char c) { return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

static const char id[] = HIL_BUILD_ID_HEX;
typedef char id_has_32_digits[sizeof id == 33 ? 1 : -1];

/* Filled by the bench before the start; the linker script says where. Both NULL where a board has none. */
extern const uint8_t __hil_preload_low[] __attribute__((weak));
extern const uint8_t __hil_preload_high[] __attribute__((weak));

int main(void) {
  hil_agent_config config = {pool, sizeof pool, frame, sizeof frame, HIL_RX_WINDOW, hil_networks, hil_network_count,
                             __hil_preload_low, (uint32_t)(__hil_preload_high - __hil_preload_low)};

  hil_board_open(&port);
  for (uint32_t i = 0; i < sizeof port.build_id; i++) {
    port.build_id[i] = (uint8_t)(nibble(id[2u * i]) << 4 | nibble(id[2u * i + 1u]));
  }
  if (!hil_agent_init(&agent, &port, &config)) {
    return 1;
  }
  hil_board_attach(&agent);
  for (;;) {
    if (!hil_agent_poll(&agent)) {
      hil_board_idle();
    }
  }
}
