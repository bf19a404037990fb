import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { HilError } from '../errors.ts';
import { escapeTerminal } from '../report/index.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { watchSignals } from './interrupts.ts';
import { Terminal } from './terminal.ts';

/** What every command gets: where to print, and what stops it. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** argv after "hil", for the report. */
  readonly argv: readonly string[];
  readonly hilVersion: string;
}

export interface CommonOptions {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
  readonly timeoutMs?: number;
}

/** A command's work; returns the exit code. */
export type CommandAction<O> = (positional: readonly string[], options: O & CommonOptions, context: CommandContext) => Promise<number>;

/** Declares one command: name, arguments, options and examples; its work is loaded only when it runs. */
export interface CommandDeclaration {
  readonly declare: (command: Command) => Command;
  /** One word, or two for a command of a group ("history list"). */
  readonly name: string;
  /** What the group does where none of its commands is named. */
  readonly isDefault?: boolean;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly load: () => Promise<CommandAction<never>>;
}

export const hilVersion: string = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Runs one command line and returns the process exit code (design: verdicts and exit codes). Never throws. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const { commands } = await import('./commands/index.ts');
  let exitCode: number = EXIT.ok;
  const program = new Command('hil')
    .description('Does the device compute what the reference computes, layer by layer; if not, where and why; and what does it cost?')
    .version(hilVersion)
    .exitOverride()
    .configureOutput({ outputError })
    .showSuggestionAfterError(true)
    .addHelpText('after', '\nExit codes: 0 pass, 1 the code under test fails, 2 usage or configuration, 3 it does not build, 4 the bench fails, 130 interrupted.\nStart with: hil run suites/engine-rom --device qemu-m55');
  for (const declaration of commands) {
    const [group, ownName = group] = declaration.name.split(' ') as [string, string?];
    const command = declaration.declare(new Command(ownName).description(declaration.summary))
      .option('--quiet', 'print the verdict only, and why where it is no pass')
      .option('--verbose', 'print tool command lines and what the target prints')
      .option('--json', 'print the result as JSON on standard output, and nothing else there')
      .option('--no-color', 'no colours (they are off anyway where standard output is no terminal)')
      .addOption(new Option('--timeout-ms <ms>', 'give up after this time').argParser(parseTimeout))
      .exitOverride()
      .configureOutput({ outputError })
      .addHelpText('after', `\nExamples:\n${declaration.examples.map((line) => `  ${line}`).join('\n')}`)
      .action(async (...args: unknown[]) => {
        const self = args.at(-1) as Command;
        exitCode = await perform(declaration, self.args, self.opts(), argv);
      });
    const parent = ownName === group ? program : program.commands.find((one) => one.name() === group) ?? addGroup(program, group);
    parent.addCommand(command, { isDefault: declaration.isDefault ?? false });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    // Commander's own errors have been printed already; asking for help or the version is not an error.
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    if (argv.includes('--json')) new Terminal({ json: true }).failureAsJson(new HilError('config', 'cli.usage', error.message.replace(/^error: /, '')));
    return EXIT.usage;
  }
  return exitCode;
}

const GROUPS: Readonly<Record<string, string>> = { history: 'runs over time: list, show, regressions, accept, export, import, prune, bisect' };

function addGroup(program: Command, name: string): Command {
  const group = new Command(name).description(GROUPS[name] ?? name).exitOverride().configureOutput({ outputError }).showSuggestionAfterError(true);
  program.addCommand(group);
  return group;
}

async function perform(declaration: CommandDeclaration, positional: readonly string[], options: CommonOptions, argv: readonly string[]): Promise<number> {
  const terminal = new Terminal(options);
  const watch = watchSignals(options.timeoutMs ?? null);
  try {
    const action = (await declaration.load()) as unknown as CommandAction<object>;
    return await action(positional, options, { terminal, signal: watch.signal, argv, hilVersion });
  } catch (error) {
    const known = error instanceof HilError ? error : watch.signal.aborted && watch.signal.reason instanceof HilError ? watch.signal.reason : null;
    if (known === null) {
      terminal.failure(new HilError('bench', 'hil.internal', `internal error, please report it: ${error instanceof Error ? error.stack ?? error.message : String(error)}`));
      return EXIT.bench;
    }
    terminal.failure(known);
    return exitCodeOf(known.kind);
  } finally {
    watch.stop();
  }
}

/** A timer of Node's cannot be longer; beyond it fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

function parseTimeout(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= MAX_TIMEOUT_MS)) throw new InvalidArgumentError(`Expected milliseconds, more than 0 and at most ${MAX_TIMEOUT_MS}.`);
  return value;
}

/** Commander's complaints quote the command line, which a script may have made of anything. */
function outputError(text: string, write: (text: string) => void): void {
  write(`${text.trimEnd().replace(/^error: /, 'hil: ').split('\n').map(escapeTerminal).join('\n')}\n`);
}
