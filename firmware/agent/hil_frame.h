/* hil_frame.h: frames on the wire, 00 COBS(type seq payload crc32) 00, a byte at a time in both directions. */
#ifndef HIL_FRAME_H
#define HIL_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "hil_port.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hil_receiver {
  uint8_t *body;
  uint32_t room;
  uint32_t length;  /* bytes decoded of the present record */
  uint32_t encoded; /* bytes seen of it; stops at UINT32_MAX */
  uint8_t left;     /* data bytes of the present COBS block still to come */
  bool zero_due;    /* the block stands for a zero, unless the record ends with it */
  bool text;        /* nothing but printable characters so far */
  bool too_long;
} hil_receiver;

/* What a byte has completed. The HIL_DAMAGE_ numbers, but for these two. */
enum { HIL_RECEIVED_NOTHING = 0, HIL_RECEIVED_FRAME = 16 };

typedef struct hil_sender {
  const hil_port *port;
  uint32_t crc;
  uint32_t used;      /* data bytes in block[1...] */
  bool after_full;    /* the last block was a full one, which stands for no zero */
  volatile bool busy; /* an interrupt must not send now */
  uint8_t block[255];
} hil_sender;

void hil_receiver_init(hil_receiver *r, uint8_t *body, uint32_t room);
/* On HIL_RECEIVED_FRAME, body[0 .. length-4) is type, seq and payload until the next call. */
int hil_receiver_byte(hil_receiver *r, uint8_t byte, uint32_t *length);

void hil_send_begin(hil_sender *s, uint8_t type, uint8_t seq);
void hil_send_bytes(hil_sender *s, const void *data, uint32_t n);
void hil_send_end(hil_sender *s);
void hil_send(hil_sender *s, uint8_t type, uint8_t seq, const void *payload, uint32_t n);

#ifdef __cplusplus
}
#endif

#endif
