import { crc32 as zlibCrc32 } from 'node:zlib';

/**
 * CRC-32 (IEEE 802.3, as zlib's), the check of every frame and the digest of every tap.
 * @param previous result over the bytes before these, to go on from; 0 to start
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  return zlibCrc32(bytes, previous);
}
