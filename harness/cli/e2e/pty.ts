import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './hil.ts';

/** Runs a program on a pseudo-terminal of 120 columns, as a person would see it; prints what came, ends as it ended. */
const SCRIPT = `
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 120, 0, 0))
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
`;

/** Why there is no pseudo-terminal here; false where there is. */
export const noPty: string | false = spawnSync('python3', ['-c', 'import pty, sys; sys.exit(sys.version_info < (3, 9))']).status === 0 ? false : 'no python3 with pty';

/** hil on a terminal: standard output and error together. */
export function hilOnTerminal(args: readonly string[], env: Readonly<Record<string, string>>): Promise<{ code: number | null; text: string }> {
  const { NO_COLOR: _1, FORCE_COLOR: _2, ...rest } = process.env;
  const child = spawn('python3', ['-c', SCRIPT, process.execPath, path.join(root, 'harness/cli/main.ts'), ...args], { env: { ...rest, TERM: 'xterm', HIL_HISTORY: 'off', ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, text })));
}
