/** The link room's public face: a session with the agent over any byte stream. */
export { openLink } from './session.ts';
export { helloOnce } from './hello.ts';
export type { HelloOnceOptions } from './hello.ts';
export type { Link, LinkOptions, LinkPace, LinkStats, RunOptions } from './link.ts';
export type { Hello, NetworkInfo, Progress } from './messages.ts';
export { FILL_BYTES } from './run-messages.ts';
export type { FaultReport, FillByte, RunDone, RunMode, RunRequest } from './run-messages.ts';
export { decodeDigests, decodeLayerTimes, decodeSampleTicks, digestAuxBytes, digestOfDigests, layerTimesAuxBytes } from './aux-messages.ts';
export { digestOf, digestOfViews } from './digest.ts';
export type { LayerTimes, TapDigest } from './aux-messages.ts';
export type { TranscriptEvent, TranscriptSink } from './transcript.ts';
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { crc32 } from './crc32.ts';
export { LinkStream } from './transports/link-stream.ts';
export { PacedWriter } from './transports/paced.ts';
