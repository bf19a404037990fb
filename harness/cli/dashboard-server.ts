import { createWorkDir, ownerOfName } from '../device/index.ts';
import { serveDashboard } from '../history/dashboard/serve/serve-dashboard.ts';
import type { SiteRecipe } from '../history/dashboard/serve/site-keeper.ts';
import { runningDir } from './live-progress.ts';
import type { CommandContext } from './program.ts';
import { wholeNumber } from './whole-number.ts';

/**
 * `hil dashboard --serve`: until Ctrl-C, which ends it with exit code 130 as it does any command.
 * @param recipe null: no history is kept, so only what runs now is shown
 * @throws HilError 'config' cli.*, dashboard.port; 'bench' history.*; 'cancelled'
 */
export async function serveUntilStopped(recipe: SiteRecipe | null, portText: string | undefined, { terminal, signal }: CommandContext): Promise<never> {
  const port = portText === undefined ? 0 : wholeNumber('--port', portText, 1, 65535);
  const work = await createWorkDir();
  try {
    return await serveDashboard({
      recipe, dir: work.path, port, running: { dir: runningDir(), ownerOf: ownerOfName }, signal,
      onUrl: (url) => {
        terminal.result({ url });
        terminal.out(url);
        terminal.note('Only this computer can open it. Ctrl-C ends it.');
      },
    });
  } finally {
    await work.remove();
  }
}
