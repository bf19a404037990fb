import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { HilError } from '../../errors.ts';
import type { Graph, Tensor } from '../../model/graph.ts';
import { prepareReference, type ReferenceRunner, type TensorData } from '../../reference/index.ts';
import { escapeTerminal, writeFileAtomically } from '../../report/index.ts';
import { encodeNpyHeader, type NdType } from '../../suite/index.ts';
import { sequenceFromInputs } from '../input-option.ts';
import { readModel } from '../model-file.ts';
import { makeOutFolder } from '../out-folder.ts';
import { progressText } from '../progress-view.ts';
import type { CommandAction } from '../program.ts';

/** The computation stops this often to show how far it is and to hear of Ctrl-C. */
const REST_INTERVAL_MS = 100;

interface Row { readonly tensor: Tensor; readonly opIndex: number | null; readonly op: string | null; readonly role: 'input' | 'output' | 'state' }

/** hil reference MODEL --input FILE --out DIR: every tensor as .npy, leading axis = sample, and index.json. */
export const reference: CommandAction<{ input?: readonly string[]; out: string; profile?: string; resetEach?: boolean }> = async ([file], options, { terminal, signal }) => {
  if (options.input === undefined) throw new HilError('config', 'cli.usage', 'hil reference: which samples?', { hint: 'Give --input FILE (.npy, .npz or .csv).' });
  const model = await readModel(file as string);
  const profile = options.profile ?? 'tflm';
  const runner = prepareReference(model, profile);
  const { samples, codes } = sequenceFromInputs(options.input, model);
  const rows = rowsOf(runner.graph);
  // The topmost folder that did not exist: what is made for nothing goes again.
  const made = await makeOutFolder(options.out);
  const files = rows.map(({ tensor, role }) => `${String(tensor.index).padStart(4, '0')}-${role}.npy`);
  const writers: NpyAppender[] = [];
  try {
    for (const [r, row] of rows.entries()) writers.push(await NpyAppender.create(path.join(options.out, files[r] as string), row.tensor, samples));
    const started = performance.now();
    let rested = started;
    await runAll(runner, samples, codes, options.resetEach ?? false, async (sample) => {
      for (const [r, row] of rows.entries()) await writers[r]?.append(runner.tensors[row.tensor.index] as TensorData);
      const now = performance.now();
      if (now - rested < REST_INTERVAL_MS) return;
      rested = now;
      terminal.status(progressText(sample + 1, samples, now - started));
      await breathe();
      signal.throwIfAborted();
    });
    for (const writer of writers) await writer.publish();
  } catch (error) {
    for (const writer of writers) await writer.discard();
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw error;
  }
  const index = {
    model: { file: file as string, sha256: model.sha256 }, profile, samples, ...(options.resetEach === true ? { resetEach: true } : {}),
    tensors: rows.map(({ tensor, opIndex, op, role }, r) => ({
      index: tensor.index, opIndex, op, name: tensor.name, role, shape: tensor.shape, dtype: tensor.dtype,
      scale: single(tensor.quantisation?.scale), zeroPoint: single(tensor.quantisation?.zeroPoint), file: files[r],
    })),
  };
  await writeFileAtomically(path.join(options.out, 'index.json'), `${JSON.stringify(index, null, 1)}\n`);
  terminal.result(index);
  terminal.out(`${rows.length} tensors of ${samples} samples in ${escapeTerminal(options.out)} (profile ${profile})`);
  return 0;
};

/** A number where there is one, the list where there are several, null where there is none. */
function single(values: readonly number[] | undefined): number | readonly number[] | null {
  return values === undefined || values.length === 0 ? null : values.length === 1 ? values[0] ?? null : values;
}

/** Graph inputs, then each operator's outputs and the state it keeps, in order. */
function rowsOf(graph: Graph): Row[] {
  const tensor = (index: number): Tensor => graph.tensors[index] as Tensor;
  const rows: Row[] = graph.inputs.map((index) => ({ tensor: tensor(index), opIndex: null, op: null, role: 'input' }));
  for (const operator of graph.operators) {
    const of = { opIndex: operator.index, op: operator.name };
    for (const index of operator.outputs) rows.push({ tensor: tensor(index), ...of, role: 'output' });
    for (const index of operator.inputs) if (index >= 0 && tensor(index).isVariable) rows.push({ tensor: tensor(index), ...of, role: 'state' });
  }
  return rows;
}

async function runAll(runner: ReferenceRunner, samples: number, codes: Uint8Array, resetEach: boolean, onSample: (sample: number) => Promise<void>): Promise<void> {
  const views = runner.graph.inputs.map((index) => {
    const data = runner.tensors[index] as TensorData;
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  });
  let at = 0;
  for (let sample = 0; sample < samples; sample++) {
    if (sample === 0 || resetEach) runner.reset();
    for (const view of views) {
      view.set(codes.subarray(at, at + view.length));
      at += view.length;
    }
    runner.invoke();
    await onSample(sample);
  }
}

/** Bytes gathered before they are written. */
const CHUNK_BYTES = 1 << 20;

/** A .npy written sample by sample under a temporary name, so that no run holds all samples in memory or leaves half a file. */
class NpyAppender {
  readonly #file: FileHandle;
  readonly #temporary: string;
  readonly #target: string;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #open = true;

  private constructor(file: FileHandle, temporary: string, target: string) {
    this.#file = file;
    this.#temporary = temporary;
    this.#target = target;
  }

  static async create(target: string, tensor: Tensor, samples: number): Promise<NpyAppender> {
    const temporary = `${target}.tmp-${process.pid}`;
    const file = await open(temporary, 'w');
    const appender = new NpyAppender(file, temporary, target);
    appender.#add(Buffer.from(encodeNpyHeader(tensor.dtype as NdType, [samples, ...tensor.shape])));
    return appender;
  }

  async append(data: TensorData): Promise<void> {
    this.#add(Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
    if (this.#bytes >= CHUNK_BYTES) await this.#flush();
  }

  #add(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
  }

  async #flush(): Promise<void> {
    // Unlike writev it goes on until all is written, or fails: a full disk must not cut a file short in silence.
    await this.#file.appendFile(Buffer.concat(this.#chunks));
    this.#chunks = [];
    this.#bytes = 0;
  }

  async publish(): Promise<void> {
    await this.#flush();
    await this.#file.close();
    this.#open = false;
    await rename(this.#temporary, this.#target);
  }

  /** Removes what was not published. */
  async discard(): Promise<void> {
    if (this.#open) await this.#file.close();
    this.#open = false;
    await rm(this.#temporary, { force: true });
  }
}
