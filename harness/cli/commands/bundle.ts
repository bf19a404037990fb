import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { makeBundle, openRun } from '../../bundle/index.ts';
import { HilError } from '../../errors.ts';
import { makeFolders } from '../../make-folders.ts';
import { escapeTerminal, visible, writeFileAtomically } from '../../report/index.ts';
import { EXIT } from '../exit-codes.ts';
import { progressView } from '../progress-view.ts';
import type { CommandAction } from '../program.ts';

export interface BundleCommandOptions {
  readonly out: string;
  readonly case?: string;
  readonly device?: string;
  readonly force?: boolean;
}

/** hil bundle RUN --out FILE: 0 made and seen to replay, 1 made, but this hil does not come to what was recorded. */
export const bundle: CommandAction<BundleCommandOptions> = async ([given], options, { terminal, signal, hilVersion }) => {
  const out = path.resolve(options.out);
  const there = await lstat(out).catch(() => null);
  if (there !== null && !(there.isFile() && options.force === true)) {
    throw new HilError('config', 'bundle.exists', `${options.out} is there already`, { hint: there.isFile() ? 'Name another file, or replace it with --force.' : 'Name a file.' });
  }
  const { run, close } = await openRun(given as string);
  try {
    const { bytes, manifest } = await makeBundle(run, { case: options.case ?? null, device: options.device ?? null, hilVersion, signal, onEvent: progressView(terminal, () => performance.now()), onStep: (line) => terminal.note(line) });
    await store(out, bytes);
    const { cut, replay, versions } = manifest;
    terminal.result({ ...manifest, file: out, bytes: bytes.length });
    for (const { name, device, verdict } of cut.cases.slice(0, 20)) terminal.out(escapeTerminal(`  ${name} on ${device}: ${verdict}`));
    if (cut.cases.length > 20) terminal.out(`  and ${cut.cases.length - 20} more`);
    if (cut.wider !== null) terminal.out(escapeTerminal(`more than was asked for: ${cut.wider}`));
    terminal.out(escapeTerminal(`${visible(options.out)}: ${bytes.length} bytes; hil replay ${visible(options.out)}`));
    if (replay.identical) return EXIT.ok;
    if (versions.hil !== hilVersion) terminal.out(escapeTerminal(`recorded by hil ${versions.hil}, this is ${hilVersion}`));
    terminal.out(terminal.style('red', escapeTerminal(`this hil does not come to what was recorded: ${replay.why}`)));
    return EXIT.fail;
  } finally {
    await close();
  }
};

async function store(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await makeFolders(path.dirname(file));
    await writeFileAtomically(file, bytes);
  } catch (cause) {
    throw new HilError('bench', 'bundle.not-written', `cannot write ${file}: ${(cause as Error).message}`, { hint: 'Check the space and the rights there, or name another file with --out.', cause });
  }
}
