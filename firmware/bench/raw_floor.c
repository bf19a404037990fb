/* raw_floor.c: the least that a streamed run can cost, for harness/run/stream.bench.ts: the same payload over the same UART
 * driver, unframed and unacknowledged, and the same number of invocations of the same network. Stands in for
 * boards/common/main.c in a bench image.
 *
 * Host sends: u32 steps (little-endian), the input codes of all steps, one byte 'T'. Answers: as many bytes as the outputs of
 * all steps (the transfer alone; values mean nothing), then, after one byte 'I' from the host, the invocations alone, then
 * the outputs' CRC-32 as u32, so that the host can see that the network really ran. */
#include <string.h>

#include "hil_board.h"
#include "hil_crc32.h"

hil_agent *hil_board_agent;

static uint8_t pool[HIL_POOL_BYTES] __attribute__((section(".hil_pool"), aligned(16)));
static hil_port port;

static void take(uint8_t *bytes, uint32_t n) {
  while (n > 0u) {
    uint32_t got = port.read(port.ctx, bytes, n);
    bytes += got;
    n -= got;
  }
}

int main(void) {
  const hil_network *net = hil_networks[0];
  const hil_buffer in = net->inputs[0];
  const hil_buffer out = net->outputs[0];

  hil_board_open(&port);
  if (net->init != NULL) {
    (void)net->init();
  }
  for (;;) {
    uint8_t head[4], go;
    uint32_t steps, crc = 0;
    take(head, sizeof head);
    steps = head[0] | (uint32_t)head[1] << 8 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 24;
    take(pool, steps * in.bytes);
    take(&go, 1);
    port.write(port.ctx, pool, steps * out.bytes);
    take(&go, 1);
    if (net->reset != NULL) {
      net->reset();
    }
    for (uint32_t k = 0; k < steps; k++) {
      memcpy(in.data, pool + k * in.bytes, in.bytes);
      (void)net->invoke(NULL, NULL);
      memcpy(pool + k * out.bytes, out.data, out.bytes); /* outputs are never longer than inputs here: nothing unread is lost */
    }
    crc = hil_crc32(crc, pool, steps * out.bytes);
    for (uint32_t i = 0; i < sizeof head; i++) {
      head[i] = (uint8_t)(crc >> (8u * i));
    }
    port.write(port.ctx, head, sizeof head);
  }
}
