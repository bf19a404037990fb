/* driver.c: runs networks on the host for the tests of the generator.
 *
 * driver tapped|plain|reset|stop:<layer> [index] < inputs > records    (reset: tapped, with a reset before each sample)
 * index: which of the networks in the table, default 0.
 * stdin: the inputs of any number of samples, one after the other. The outputs are poisoned before the inputs are
 * written, as an agent does it, since an output may lie over an input. For each sample stdout gets, all little-endian 32-bit:
 *   per tap call: layer, occurrence, n, then n times (bytes, data)
 *   0xFFFFFFFF, status, then the outputs and the state as they are after the invocation
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hil_network.h"

typedef struct driver { uint32_t stop_at; } driver;

static void put(const void *data, uint32_t bytes)
{
  if (bytes > 0u && fwrite(data, 1, bytes, stdout) != bytes) {
    exit(2);
  }
}

static void put_number(uint32_t value)
{
  put(&value, 4);
}

static int32_t tap(void *ctx, uint32_t layer, uint32_t occurrence, const hil_view *views, uint32_t n)
{
  const driver *self = ctx;
  put_number(layer);
  put_number(occurrence);
  put_number(n);
  for (uint32_t i = 0; i < n; i++) {
    put_number(views[i].bytes);
    put(views[i].data, views[i].bytes);
  }
  return layer == self->stop_at ? 7 : 0;
}

int main(int argc, char **argv)
{
  driver self = {UINT32_MAX};
  const uint32_t index = argc > 2 ? (uint32_t)strtoul(argv[2], 0, 10) : 0u;
  if (argc < 2 || argc > 3 || index >= hil_network_count) {
    return 2;
  }
  const hil_network *net = hil_networks[index];
  if (strncmp(argv[1], "stop:", 5) == 0) {
    self.stop_at = (uint32_t)strtoul(argv[1] + 5, 0, 10);
  }
  const hil_tap_fn fn = strcmp(argv[1], "plain") == 0 ? 0 : tap;
  if (net->init != 0 && net->init() != HIL_OK) {
    return 3;
  }
  for (;;) {
    for (uint32_t i = 0; i < net->n_outputs; i++) {
      memset(net->outputs[i].data, 0xA5, net->outputs[i].bytes);
    }
    for (uint32_t i = 0; i < net->n_inputs; i++) {
      if (fread(net->inputs[i].data, 1, net->inputs[i].bytes, stdin) != net->inputs[i].bytes) {
        return i == 0 && feof(stdin) ? 0 : 4;
      }
    }
    if (strcmp(argv[1], "reset") == 0 && net->reset != 0) {
      net->reset();
    }
    const int32_t status = net->invoke(&self, fn);
    put_number(0xFFFFFFFFu);
    put_number((uint32_t)status);
    for (uint32_t i = 0; i < net->n_outputs; i++) {
      put(net->outputs[i].data, net->outputs[i].bytes);
    }
    for (uint32_t i = 0; i < net->n_state; i++) {
      put(net->state[i].data, net->state[i].bytes);
    }
  }
}
