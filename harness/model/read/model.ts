import { createHash } from 'node:crypto';
import { BYTES_PER_ELEMENT } from '../graph.ts';
import { keepSourceBytes } from '../source-bytes.ts';
import type { Graph, Model } from '../graph.ts';
import { BoundedReader } from '../bounded/reader.ts';
import { refusal } from '../bounded/refusal.ts';
import { Table } from '../bounded/table.ts';
import { readBuffer } from './buffers.ts';
import { readGraph } from './graph.ts';
import { readOperatorCode } from './operator-codes.ts';

const IDENTIFIER = 'TFL3';
const VERSION = 3;
/** Activations and state of all graphs together: a damaged shape must not make hil allocate gigabytes. */
const MAX_ACTIVATION_BYTES = 64 * 1024 * 1024;

/**
 * Reads a .tflite (public schema, version 3) and verifies all of it that is used, without trusting a single offset.
 * @param bytes the whole file; constant tensors of the result are views of it, so it must not change afterwards
 * @throws HilError 'config', codes model.damaged | model.invalid | model.unsupported | model.too-large, facts {offset, field}
 */
export function parseModel(bytes: Uint8Array): Model {
  const reader = new BoundedReader(bytes);
  reader.need(0, 8, 'file', 'the header (8 bytes) of a .tflite');
  const identifier = String.fromCharCode(...bytes.subarray(4, 8));
  if (identifier !== IDENTIFIER) throw refusal('model.damaged', 4, 'file identifier', `${JSON.stringify(identifier)}, expected "${IDENTIFIER}": this is no .tflite`);
  const root = new Table(reader, reader.follow(0, 'root'), '');
  const version = root.uint32(0, 'version');
  if (version !== VERSION) throw refusal('model.unsupported', root.offsetOf(0, 'version'), 'version', `schema version ${version}, hil reads ${VERSION}`);
  const codes = root.tables(1, 'operator_codes').map(readOperatorCode);
  const buffers = root.tables(4, 'buffers').map(readBuffer);
  const subgraphs = root.tables(2, 'subgraphs').map((table, i) => readGraph(table, codes, buffers, i === 0));
  if (subgraphs.length === 0) throw refusal('model.invalid', root.offsetOf(2, 'subgraphs'), 'subgraphs', 'a model needs at least one graph');
  checkActivations(root, subgraphs);
  return keepSourceBytes({
    sha256: createHash('sha256').update(bytes).digest('hex'),
    byteLength: bytes.length, version, description: root.string(3, 'description'), subgraphs,
  }, bytes);
}

function checkActivations(root: Table, subgraphs: readonly Graph[]): void {
  let total = 0;
  subgraphs.forEach((graph, g) => {
    for (const tensor of graph.tensors) {
      if (tensor.data !== null) continue;
      total += tensor.elements * Math.max(1, BYTES_PER_ELEMENT[tensor.dtype]);
      if (total <= MAX_ACTIVATION_BYTES) continue;
      throw refusal('model.too-large', root.offsetOf(2, 'subgraphs'), `subgraphs[${g}].tensors[${tensor.index}].shape`,
        `[${tensor.shape.join(', ')}] brings activations and state to ${total} bytes, hil accepts ${MAX_ACTIVATION_BYTES}`);
    }
  });
}
