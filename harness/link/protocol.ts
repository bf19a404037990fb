/** Numbers of the wire protocol; docs/protocol.md says what they mean. */
export const PROTOCOL_VERSION = 2;
export const DIGEST_WORDS = 2;

export const REQUEST = { hello: 0x01, network: 0x02, write: 0x03, read: 0x04, run: 0x05, copy: 0x06, baud: 0x07 } as const;

export const ANSWER = {
  hello: 0x81,
  network: 0x82,
  write: 0x83,
  data: 0x84,
  run: 0x85,
  copy: 0x86,
  baud: 0x87,
  progress: 0xa0,
  fault: 0xa1,
  hang: 0xa2,
  damaged: 0xa3,
  boot: 0xa4,
  refused: 0xaf,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map([
  [REQUEST.hello, 'HELLO'],
  [REQUEST.network, 'NETWORK'],
  [REQUEST.write, 'WRITE'],
  [REQUEST.read, 'READ'],
  [REQUEST.run, 'RUN'],
  [REQUEST.copy, 'COPY'],
  [REQUEST.baud, 'BAUD'],
  [ANSWER.hello, 'HELLO_OK'],
  [ANSWER.network, 'NETWORK_OK'],
  [ANSWER.write, 'WRITE_OK'],
  [ANSWER.data, 'DATA'],
  [ANSWER.run, 'RUN_DONE'],
  [ANSWER.copy, 'COPY_OK'],
  [ANSWER.baud, 'BAUD_OK'],
  [ANSWER.progress, 'PROGRESS'],
  [ANSWER.fault, 'FAULT'],
  [ANSWER.hang, 'HANG'],
  [ANSWER.damaged, 'DAMAGED'],
  [ANSWER.boot, 'BOOT'],
  [ANSWER.refused, 'REFUSED'],
]);

/** A frame type's name for people. */
export function typeName(type: number): string {
  return NAMES.get(type) ?? `type 0x${type.toString(16).padStart(2, '0')}`;
}

/** The agent's working memory for samples. */
export const SPACE_POOL = 0;
/** What the bench filled by a side door before the start. */
export const SPACE_PRELOAD = 1;

/** Bytes that space and offset take in WRITE and DATA before the data itself. */
export const DATA_HEADER = 5;

const REFUSALS = ['', 'unknown request type', 'wrong length', 'out of range', 'no such network', 'wrong argument'];

/** REFUSED's reason for people. */
export function refusalReason(reason: number): string {
  return REFUSALS[reason] || `reason ${reason}`;
}
