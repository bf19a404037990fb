/* hil_network.h: the one seam between generated C (from any generator) and the hil agent.
 *
 * An image exports a table of networks, hil_networks[]. Nothing here belongs to one network only, so that several
 * may live in one image. A generator fills one `const hil_network` a network; the build writes the table.
 */
#ifndef HIL_NETWORK_H
#define HIL_NETWORK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A piece of memory that the agent may read (a tap's view, an output) or write (an input, state). */
typedef struct hil_buffer {
  void *data;
  uint32_t bytes;
} hil_buffer;

typedef struct hil_view {
  const void *data;
  uint32_t bytes;
} hil_view;

/* Called by a network after a layer has been computed, while its buffers still hold its results.
 *   ctx         as given to invoke()
 *   layer       manifest index of the layer
 *   occurrence  0, 1, ... where a layer is run more than once in one invocation (loops, a function called twice)
 *   views, n    the tensors of the layer's manifest taps, in their order
 * Returns 0 to go on; anything else asks the network to stop and return HIL_STOPPED. */
typedef int32_t (*hil_tap_fn)(void *ctx, uint32_t layer, uint32_t occurrence, const hil_view *views, uint32_t n);

enum { HIL_OK = 0, HIL_STOPPED = 1 }; /* any other value returned by init or invoke is the network's own error code */

typedef struct hil_network {
  const char *name;
  uint8_t model_sha256[32]; /* of the .tflite it was made from; all 0 if there is none */
  uint32_t layers;          /* number of manifest layers */
  uint32_t taps;            /* number of views of all layers together */
  const uint16_t *layer_first_tap; /* [layers]: number of views in the layers before; view v of layer l is tap layer_first_tap[l] + v */
  uint32_t arena_bytes;
  int32_t (*init)(void);    /* once after start; may be NULL */
  void (*reset)(void);      /* state to its start value (int8 state: zero point); may be NULL if there is none */
  int32_t (*invoke)(void *ctx, hil_tap_fn tap); /* one inference; tap NULL: no layer is shown, and it costs nothing */
  const hil_buffer *inputs;
  uint32_t n_inputs;
  const hil_buffer *outputs;
  uint32_t n_outputs;
  const hil_buffer *state;  /* everything that survives an invocation */
  uint32_t n_state;
  hil_buffer *blobs;        /* weights bound at run time; NULL if none */
  uint32_t n_blobs;
  const hil_buffer *scratch; /* what holds nothing from one invocation to the next (the arena); inputs and outputs may lie in it */
  uint32_t n_scratch;        /* 0: not known */
} hil_network;

extern const hil_network *const hil_networks[];
extern const uint32_t hil_network_count;

#ifdef __cplusplus
}
#endif

#endif
