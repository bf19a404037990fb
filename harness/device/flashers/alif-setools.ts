import { constants } from 'node:fs';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image, Usability } from '../device.ts';
import { ownedName } from '../process-identity.ts';
import type { FlasherSpec } from '../spec.ts';
import type { Flasher, FlasherContext, FlashOptions, FlashResult } from './flasher.ts';
import { flashError } from './flash-errors.ts';
import type { FlashFailure } from './flash-errors.ts';
import { flatten, hex, loadSegments } from './load-segments.ts';
import { deadlineIn, howItEnded, orFlashError, runTool } from './run-tool.ts';

type Spec = FlasherSpec & { readonly tool: 'alif-setools' };

const TOOL = 'alif-setools';
const VARIABLE = 'HIL_SETOOLS';
const HOW_TO_GET = 'Download Alif\'s Security Toolkit (SETOOLS) from alifsemi.com, which needs an account, and set HIL_SETOOLS to its folder app-release-exec.';
/** MRAM is written in lines of so many bytes. */
const LINE_BYTES = 16;
const FAILURES: readonly (readonly [FlashFailure, RegExp])[] = [
  ['permission', /Permission denied/i],
  ['no-probe', /could not open port|no COM ?port|port .* not found|FileNotFoundError|\[ERROR\].*serial/i],
  ['wrong-target', /part(#| number)?.*(mismatch|different)|device .*does not match|revision.*mismatch/i],
  ['no-target', /did not respond|no response|not connected|timed? ?out/i],
];
/** Its tools print errors and still end with status 0. */
const COMPLAINT = /^.*(\[ERROR\]|\bERROR\b|Traceback \(most recent call last\)|Failed\b).*$/im;

/** The entry that app-gen-toc reads: one image that the secure enclave boots on a core. */
function tocEntry(spec: Spec, binary: string): string {
  const entry = { binary, version: '1.0.0', mramAddress: spec.address, cpu_id: spec.cpu, flags: ['boot'], signed: false };
  return `${JSON.stringify({ HIL_APP: entry }, null, 2)}\n`;
}

/**
 * Alif Ensemble through SETOOLS and the SE-UART (which port that is, its isp_config_data.cfg says). The tools read and write
 * below their own folder, so hil's two files there carry this process's name and go afterwards.
 */
export function alifSetoolsFlasher(spec: Spec, context: FlasherContext): Flasher {
  const folder = context.env[VARIABLE];
  const programs = ['app-gen-toc', 'app-write-mram', 'tools-config'];

  async function missing(): Promise<string | null> {
    if (!folder) return `${VARIABLE} does not say where SETOOLS are`;
    for (const program of programs) {
      if (!(await access(join(folder, program), constants.X_OK).then(() => true, () => false))) return `${VARIABLE} (${folder}) has no program ${program}`;
    }
    return null;
  }

  async function flashInto(root: string, image: Image, options: FlashOptions): Promise<void> {
    const deadline = deadlineIn(options.timeoutMs);
    const { address, bytes } = flatten(loadSegments(await orFlashError(context.deviceId, TOOL, 'cannot read the image', readFile(image.elf))));
    if (address !== Number(spec.address)) {
      throw flashError(context.deviceId, TOOL, 'bad-image', `the image begins at ${hex(address)}, the device file says ${spec.address}`, {
        hint: 'The linker script of the board and flasher.address in the device file must say the same.',
      });
    }
    const name = `hil-${ownedName()}`;
    const files = [join(root, 'build', 'images', `${name}.bin`), join(root, 'build', 'config', `${name}.json`)] as const;
    const padded = new Uint8Array(Math.ceil(bytes.length / LINE_BYTES) * LINE_BYTES).fill(0xff);
    padded.set(bytes);
    const run = async (program: string, args: readonly string[], input?: string): Promise<void> => {
      const result = await runTool(context, TOOL, { file: join(root, program), args, cwd: root, ...(input === undefined ? {} : { input }) }, { signal: options.signal, deadline });
      const complaint = COMPLAINT.test(result.output);
      if (result.exitCode === 0 && !complaint) return;
      const failure = FAILURES.find(([, pattern]) => pattern.test(result.output))?.[0];
      throw flashError(context.deviceId, TOOL, failure ?? 'failed', failure === undefined ? `${program}: ${howItEnded(result)}${complaint ? ' and complained' : ''}` : undefined, { output: result.output });
    };
    try {
      await orFlashError(context.deviceId, TOOL, `cannot write below ${root}`, writeFile(files[0], padded).then(() => writeFile(files[1], tocEntry(spec, `${name}.bin`))));
      await run('tools-config', ['-p', spec.part, ...(spec.revision === undefined ? [] : ['-r', spec.revision])]);
      await run('app-gen-toc', ['-f', `build/config/${name}.json`]);
      // -p: fills up to whole lines. It may ask whether to go on.
      await run('app-write-mram', ['-p'], 'y\n');
    } finally {
      await Promise.all(files.map((file) => rm(file, { force: true })));
    }
  }

  return {
    tool: TOOL,
    usesBoardUsb: false,
    async probe(): Promise<Usability> {
      const what = await missing();
      return what === null ? { usable: true, found: [`SETOOLS (${folder})`], missing: [] } : { usable: false, found: [], missing: [{ what, howToGet: HOW_TO_GET }] };
    },
    async flash(image: Image, options: FlashOptions): Promise<FlashResult> {
      const what = await missing();
      if (what !== null) throw flashError(context.deviceId, TOOL, 'no-tool', what, { hint: HOW_TO_GET });
      options.onStep?.(`flashing with ${TOOL}`);
      await flashInto(folder!, image, options);
      return { notes: [`flashed with ${TOOL}`] };
    },
  };
}
