import path from 'node:path';
import { generateC, networkNameFrom } from '../../codegen/index.ts';
import { escapeTerminal, writeFileAtomically } from '../../report/index.ts';
import { readModel } from '../model-file.ts';
import { makeOutFolder } from '../out-folder.ts';
import type { CommandAction } from '../program.ts';

/** hil generate MODEL --out DIR: the C alone. */
export const generate: CommandAction<{ out: string; core?: string; name?: string }> = async ([file], options, { terminal }) => {
  const model = await readModel(file as string);
  const name = options.name ?? networkNameFrom(path.basename(file as string));
  const generated = generateC(model, { name, ...(options.core === undefined ? {} : { core: options.core }) });
  for (const [relative, text] of generated.files) {
    const target = path.join(options.out, relative);
    await makeOutFolder(path.dirname(target));
    await writeFileAtomically(target, text);
  }
  const { memory } = generated.manifest;
  terminal.result({ out: options.out, files: [...generated.files.keys()], manifest: generated.manifest });
  terminal.out(`${generated.files.size} files in ${escapeTerminal(options.out)}: ${[...generated.files.keys()].join(', ')}`);
  terminal.out(`constants ${memory.constantBytes} B, arena ${memory.arenaBytes} B, state ${memory.stateBytes} B`);
  terminal.out(`Add every .c but ${name}_hil.c to your firmware; the functions are in ${name}.h.`);
  return 0;
};
