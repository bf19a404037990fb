import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Model } from '../model/graph.ts';
import { quantiseFloats } from '../reference/index.ts';
import { inputTensors, mainGraph } from '../run/index.ts';
import { loadSequence } from '../suite/index.ts';

/**
 * The samples that --input FILE or several --input NAME=FILE name.
 * A text that begins with an input's name and '=' is NAME=FILE; so is any other with '=', unless it is a file as it stands.
 * @throws HilError 'config'
 */
export function sequenceFromInputs(options: readonly string[], model: Model): { samples: number; codes: Uint8Array } {
  const tensors = inputTensors(mainGraph(model));
  const names = new Set(tensors.map((tensor) => tensor.name));
  const inputs = options.map((text) => {
    const name = [...names].find((candidate) => text.startsWith(`${candidate}=`)) ?? (text.includes('=') && !existsSync(text) ? text.slice(0, text.indexOf('=')) : null);
    const given = name === null ? text : text.slice(name.length + 1);
    return { tensor: name, file: { given, path: path.resolve(given) } };
  });
  const { samples, codes } = loadSequence({ name: '--input', inputs }, tensors, quantiseFloats);
  return { samples, codes };
}
