#include "hil_frame.h"

#include "hil_bytes.h"
#include "hil_crc32.h"

static void start_record(hil_receiver *r) {
  r->length = 0;
  r->encoded = 0;
  r->left = 0;
  r->zero_due = false;
  r->text = true;
  r->too_long = false;
}

void hil_receiver_init(hil_receiver *r, uint8_t *body, uint32_t room) {
  r->body = body;
  r->room = room;
  start_record(r);
}

static void decoded(hil_receiver *r, uint8_t byte) {
  if (r->length < r->room) {
    r->body[r->length++] = byte;
  } else {
    r->too_long = true;
  }
}

/* Judges a record that a zero byte has closed. Text and scraps are passed over in silence: the device answers only
 * what may have been a frame, and at most once a zero byte, so that noise cannot make it flood the link. */
static int judge(const hil_receiver *r) {
  if (r->encoded < HIL_FRAME_OVERHEAD || r->text) {
    return HIL_RECEIVED_NOTHING;
  }
  if (r->too_long) {
    return HIL_DAMAGE_TOO_LONG;
  }
  if (r->left != 0u || r->length < HIL_FRAME_OVERHEAD) {
    return HIL_DAMAGE_MALFORMED;
  }
  if (hil_crc32(0, r->body, r->length - 4u) != hil_get32(r->body + r->length - 4u)) {
    return HIL_DAMAGE_CRC;
  }
  return HIL_RECEIVED_FRAME;
}

int hil_receiver_byte(hil_receiver *r, uint8_t byte, uint32_t *length) {
  if (byte == 0u) {
    int verdict = judge(r);
    *length = r->length;
    start_record(r);
    return verdict;
  }
  if (r->encoded != UINT32_MAX) {
    r->encoded++;
  }
  r->text = r->text && ((byte >= 0x20u && byte < 0x7Fu) || byte == '\n' || byte == '\r' || byte == '\t');
  if (r->left > 0u) {
    r->left--;
    decoded(r, byte);
    return HIL_RECEIVED_NOTHING;
  }
  if (r->zero_due) {
    decoded(r, 0);
  }
  r->left = (uint8_t)(byte - 1u);
  r->zero_due = byte != 0xFFu;
  return HIL_RECEIVED_NOTHING;
}

static void send_block(hil_sender *s) {
  s->block[0] = (uint8_t)(s->used + 1u);
  s->port->write(s->port->ctx, s->block, s->used + 1u);
  s->after_full = s->used == 254u;
  s->used = 0;
}

static void encode(hil_sender *s, const uint8_t *bytes, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (bytes[i] == 0u) {
      send_block(s);
      s->after_full = false;
      continue;
    }
    s->block[++s->used] = bytes[i];
    if (s->used == 254u) {
      send_block(s);
    }
  }
}

static void send_delimiter(hil_sender *s) {
  static const uint8_t zero = 0;
  s->port->write(s->port->ctx, &zero, 1);
}

void hil_send_begin(hil_sender *s, uint8_t type, uint8_t seq) {
  const uint8_t head[2] = {type, seq};
  s->busy = true;
  s->crc = 0;
  s->used = 0;
  s->after_full = false;
  send_delimiter(s);
  hil_send_bytes(s, head, sizeof head);
}

void hil_send_bytes(hil_sender *s, const void *data, uint32_t n) {
  s->crc = hil_crc32(s->crc, data, n);
  encode(s, (const uint8_t *)data, n);
}

void hil_send_end(hil_sender *s) {
  uint8_t crc[4];
  hil_put32(crc, s->crc);
  encode(s, crc, sizeof crc);
  if (!s->after_full || s->used > 0u) {
    send_block(s);
  }
  send_delimiter(s);
  if (s->port->flush != 0) {
    s->port->flush(s->port->ctx);
  }
  s->busy = false;
}

void hil_send(hil_sender *s, uint8_t type, uint8_t seq, const void *payload, uint32_t n) {
  hil_send_begin(s, type, seq);
  hil_send_bytes(s, payload, n);
  hil_send_end(s);
}
