/* hil_crc32.h: CRC-32 as in IEEE 802.3 and zlib. Start with 0; feed the result back in to go on with more bytes. */
#ifndef HIL_CRC32_H
#define HIL_CRC32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t hil_crc32(uint32_t crc, const void *data, uint32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
