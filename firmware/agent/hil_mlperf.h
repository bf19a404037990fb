/* hil_mlperf.h: the device's side of the MLPerf Tiny (EnergyRunner) text protocol, so that its runner can drive an image.
 *
 * Built with HIL_MLPERF=1 the agent answers name, profile, help, timestamp, db, infer and results between its own frames,
 * for network 0 of the image. It prints nothing that was not asked for: no boot text. The `db` buffer is the sample pool,
 * so what hil put there before is gone. One such conversation an image: its state is static. */
#ifndef HIL_MLPERF_H
#define HIL_MLPERF_H

#include "hil_agent.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { HIL_MLPERF_INT8, HIL_MLPERF_UINT8, HIL_MLPERF_INT16 };

typedef struct hil_mlperf_form hil_mlperf_form;

/* What hil_network does not say of a network and this protocol needs; the build writes it beside the table of networks. */
struct hil_mlperf_form {
  const char *model;      /* in m-model-[...] */
  uint32_t payload_bytes; /* that `infer` needs */
  void (*load)(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload);
  /* Result `i` times 1000, rounded; false where there is none. */
  bool (*result)(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload, uint32_t i, int32_t *milli);
  uint8_t flip;        /* bits that payload and input differ in: 0x80 where the host sends uint8 */
  uint8_t output_type; /* HIL_MLPERF_... of output 0, where it has codes */
  int32_t zero_point;  /* of output 0: value * 1000 = (code - zero_point) * milli / 2^shift */
  uint32_t milli;      /* below 2^31 */
  uint32_t shift;      /* at most 62 */
  float input_scale;   /* these four for float payloads only */
  int32_t input_zero_point;
  float output_scale;
  uint32_t elements; /* of the input, and of the output that is its reconstruction */
};

/* Bytes of the payload are the codes of the network's inputs, one after the other. */
void hil_mlperf_load_codes(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload);
/* Elements of output 0, dequantised; and of one that is float already. */
bool hil_mlperf_result_codes(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload, uint32_t i, int32_t *milli);
bool hil_mlperf_result_floats(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload, uint32_t i, int32_t *milli);
/* Anomaly detection: the payload is float32, little endian; the only result is the mean squared error of its reconstruction. */
void hil_mlperf_load_floats(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload);
bool hil_mlperf_result_error(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload, uint32_t i, int32_t *milli);

#ifdef __cplusplus
}
#endif

#endif
