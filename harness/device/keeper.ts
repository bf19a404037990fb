import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { startTimeOf } from './process-identity.ts';

/** Remembers started process groups outside this process, so that they end even when this process is killed by SIGKILL. */
export interface Keeper {
  /**
   * To be called before a program is started: from here on the keeper ends it, even where this process is killed before it
   * knows the program's id.
   */
  expect(): Expected;
}

export interface Expected {
  /** For the environment of the program: by it the keeper knows it as long as it has not been told the group. */
  readonly environment: Readonly<Record<string, string>>;
  /** Tells the keeper the group, named by its leader's process id. @returns what to call when the group is gone. */
  watch(group: number): () => void;
}

/** Name of the variable; keeper.mjs looks for it. */
const MARK = 'HIL_TARGET_MARK';

type Helper = { readonly write: (line: string) => void; alive: boolean };

/** Starts the helper with the first watched group, and again should it die. It never keeps this process running. */
export function createKeeper(): Keeper {
  let helper: Helper | null = null;
  const watched = new Map<number, string>();
  let count = 0;
  const send = (line: string): void => {
    if (helper?.alive !== true) {
      helper = startHelper();
      for (const [group, startTime] of watched) helper.write(`+${group} ${startTime}\n`);
    }
    helper.write(line);
  };
  return {
    expect() {
      const mark = `${process.pid}.${startTimeOf(process.pid)}.${(count += 1)}`;
      send(`?${mark}\n`);
      return {
        environment: { [MARK]: mark },
        watch(group) {
          const startTime = startTimeOf(group);
          watched.set(group, startTime);
          send(`+${group} ${startTime}\n`);
          send(`!${mark}\n`);
          return () => {
            if (watched.delete(group) && helper?.alive === true) helper.write(`-${group} ${startTime}\n`);
          };
        },
      };
    },
  };
}

function startHelper(): Helper {
  // Detached: in a process group of its own, which Ctrl-C in the terminal does not reach.
  const child = execa(process.execPath, [fileURLToPath(new URL('./keeper.mjs', import.meta.url))], {
    detached: true, cleanup: false, buffer: false, reject: false, stdin: 'pipe', stdout: 'ignore', stderr: 'ignore', cwd: '/', extendEnv: false,
  });
  const helper = { alive: true, write: (line: string) => void child.stdin.write(line) };
  const gone = (): void => void (helper.alive = false);
  child.nodeChildProcess.on('exit', gone);
  child.stdin.on('error', gone);
  child.nodeChildProcess.unref();
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  return helper;
}

/** The keeper of this process. */
export const processKeeper: Keeper = createKeeper();
