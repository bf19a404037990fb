/* hil_bytes.h: little-endian integers in byte buffers, whatever their alignment. */
#ifndef HIL_BYTES_H
#define HIL_BYTES_H

#include <stdint.h>

static inline uint16_t hil_get16(const uint8_t *p) { return (uint16_t)(p[0] | ((uint32_t)p[1] << 8)); }

static inline uint32_t hil_get32(const uint8_t *p) {
  return p[0] | ((uint32_t)p[1] << 8) | ((uint32_t)p[2] << 16) | ((uint32_t)p[3] << 24);
}

static inline uint64_t hil_get64(const uint8_t *p) { return hil_get32(p) | ((uint64_t)hil_get32(p + 4) << 32); }

/* The put functions return the byte after the one last written, so that a payload reads as a list of its fields. */
static inline uint8_t *hil_put8(uint8_t *p, uint32_t v) {
  p[0] = (uint8_t)v;
  return p + 1;
}

static inline uint8_t *hil_put16(uint8_t *p, uint32_t v) { return hil_put8(hil_put8(p, v), v >> 8); }

static inline uint8_t *hil_put32(uint8_t *p, uint32_t v) { return hil_put16(hil_put16(p, v), v >> 16); }

static inline uint8_t *hil_put64(uint8_t *p, uint64_t v) {
  return hil_put32(hil_put32(p, (uint32_t)v), (uint32_t)(v >> 32));
}

#endif
