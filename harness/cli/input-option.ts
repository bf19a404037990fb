import { existsSync } from 'node:fs';
import path from 'node:path';
import { HilError } from '../errors.ts';
import type { Model } from '../model/graph.ts';
import { quantiseFloats } from '../reference/index.ts';
import { inputTensors, mainGraph } from '../run/index.ts';
import { loadSequence } from '../suite/index.ts';

/**
 * The samples that --input FILE or several --input NAME=FILE name.
 * A text that begins with an input's name (the longest that fits) and '=' is NAME=FILE; so is any other with '=', unless it
 * is a file as it stands.
 * @throws HilError 'config'
 */
export function sequenceFromInputs(options: readonly string[], model: Model): { samples: number; codes: Uint8Array } {
  const tensors = inputTensors(mainGraph(model));
  const names = [...new Set(tensors.map((tensor) => tensor.name))].sort((a, b) => b.length - a.length);
  const inputs = options.map((text) => {
    const name = names.find((candidate) => text.startsWith(`${candidate}=`)) ?? (text.includes('=') && !existsSync(text) ? text.slice(0, text.indexOf('=')) : null);
    const given = name === null ? text : text.slice(name.length + 1);
    return { tensor: name, file: { given, path: path.resolve(given) } };
  });
  // One of two files that are meant for the same input would go unread.
  const twice = inputs.find(({ tensor }, index) => inputs.some((other, at) => at < index && (tensor === null || other.tensor === null || other.tensor === tensor)));
  if (twice !== undefined) {
    throw new HilError('config', 'cli.input', `--input ${twice.file.given}: ${twice.tensor === null ? 'several files need names' : `there is another file for the input ${JSON.stringify(twice.tensor)}`}`,
      { hint: `Give one NAME=FILE for each of ${tensors.map(({ name }) => JSON.stringify(name)).join(', ')}.` });
  }
  const { samples, codes } = loadSequence({ name: '--input', inputs }, tensors, quantiseFloats);
  return { samples, codes };
}
