import { styleText } from 'node:util';
import type { HilError } from '../errors.ts';
import { escapeTerminal, type Style as ReportStyle } from '../report/index.ts';
import type { CommonOptions } from './program.ts';

export type Style = 'red' | 'green' | 'yellow' | 'dim' | 'bold' | 'cyan';

/** What the report's styles look like. */
export const REPORT_STYLES: Readonly<Record<ReportStyle, Style>> = { good: 'green', bad: 'red', warn: 'yellow', dim: 'dim', bold: 'bold' };

/**
 * The only place that prints. Results go to standard output, progress and errors to standard error; with --json standard
 * output carries the JSON alone. Colours only where the stream is a terminal and neither --no-color nor NO_COLOR says otherwise.
 */
export class Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly #color: boolean;
  #status = '';

  constructor(options: CommonOptions) {
    this.json = options.json ?? false;
    this.quiet = options.quiet ?? false;
    this.verbose = options.verbose ?? false;
    this.#color = options.color !== false && !process.env['NO_COLOR'] && process.stdout.isTTY === true;
  }

  /** True where a progress line may be redrawn in place. */
  get interactive(): boolean {
    return process.stderr.isTTY === true && !this.quiet && !this.json;
  }

  style(style: Style, text: string): string {
    return this.#color ? styleText(style, text, { validateStream: false }) : text;
  }

  /** A line of the result. The caller has escaped untrusted text. */
  out(line: string): void {
    this.status('');
    if (!this.json) process.stdout.write(`${line}\n`);
  }

  /** The result as JSON; with --json only. */
  result(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** A note on standard error, off with --quiet. */
  note(line: string): void {
    if (this.quiet) return;
    this.status('');
    process.stderr.write(`${escapeTerminal(line)}\n`);
  }

  detail(line: string): void {
    if (this.verbose) this.note(line);
  }

  error(line: string): void {
    this.status('');
    process.stderr.write(`${line}\n`);
  }

  /** What happened, on which device or file, and what to do next. */
  failure(error: HilError): void {
    // A compiler's message and a stack have lines; in any other message a line end came from a name.
    const lines = error.kind === 'build' || error.code === 'hil.internal' ? error.message.split('\n') : [error.message];
    this.error(`hil: ${lines.map(escapeTerminal).join('\n  ')}`);
    if (error.hint !== undefined) this.error(`  -> ${escapeTerminal(error.hint)}`);
    this.failureAsJson(error);
  }

  failureAsJson(error: HilError): void {
    this.result({ error: { kind: error.kind, code: error.code, message: error.message, hint: error.hint ?? null, facts: jsonSafe(error.facts) } });
  }

  /** Redraws the one progress line; '' clears it. */
  status(line: string): void {
    if (!this.interactive || line === this.#status) return;
    // A terminal that does not know its width says 0.
    const width = (process.stderr.columns || 80) - 1;
    process.stderr.write(`\r\x1b[2K${escapeTerminal(line).slice(0, width)}`);
    this.#status = line;
  }
}

function jsonSafe(facts: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(facts, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)));
}
