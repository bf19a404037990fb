/** One error of a compiler's output. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const TEXT_LIMIT = 4000;
const LIST_LIMIT = 20;
const HEAD = /^(\S[^:\n]*):(\d+):(?:\d+:)? (fatal error|error|warning|note): (.*)$/;

/**
 * GCC's output with the errors first, in the compiler's order, and the warnings after them, cut to 4000 characters.
 * A block is the line with the position, the source lines below it and its notes.
 */
export function orderDiagnostics(output: string): { text: string; errors: Diagnostic[] } {
  const blocks: { error: boolean; lines: string[] }[] = [];
  const errors: Diagnostic[] = [];
  let before: string[] = [];
  for (const line of output.replaceAll('\r', '').split('\n')) {
    const head = HEAD.exec(line);
    const kind = head?.[3];
    if (head !== null && kind !== 'note') {
      const error = kind !== 'warning';
      blocks.push({ error, lines: [...before, line] });
      before = [];
      if (error && errors.length < LIST_LIMIT) errors.push({ file: head[1]!, line: Number(head[2]), message: head[4]!.slice(0, 400) });
    } else if (/^(In file included from |\s+from |\S.*: (In|At) )/.test(line)) {
      before.push(line); // belongs to the position that follows
    } else {
      const last = blocks.at(-1);
      if (last === undefined) blocks.push({ error: false, lines: [line] });
      else last.lines.push(line);
    }
  }
  const ordered = [...blocks.filter((block) => block.error), ...blocks.filter((block) => !block.error)];
  return { text: bounded(ordered.flatMap((block) => block.lines).join('\n').trim()), errors };
}

/** At most 4000 characters, saying how much is left out. */
export function bounded(text: string, limit: number = TEXT_LIMIT): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}\n... (${text.length - limit} more characters)`;
}

/** A compiler that crashed, was killed or had no room, as opposed to one that found the program wrong. */
export function isToolFailure(output: string): boolean {
  // A program's own words (#error, quoted source lines) must not pass for the tool's.
  const words = output.split('\n').filter((line) => !/: (error|warning|note): /.test(line) && !/^\s/.test(line));
  return words.some((line) => /: internal compiler error: |: fatal error: .*signal terminated program|(: No space left on device|virtual memory exhausted.*|memory exhausted)$/.test(line));
}

/** A C library's header or start-up file that the toolchain's packages should have brought, or null. */
export function missingLibrary(output: string): string | null {
  const header = /fatal error: ((?:assert|ctype|errno|inttypes|limits|math|setjmp|signal|stdio|stdlib|string|time|unistd|sys\/types|_newlib_version|newlib|machine\/_default_types|bits\/libc-header-start|stdint)\.h): No such file/.exec(output);
  const linked = /cannot (?:find|read spec file) '?(-lc|-lm|-lg|-lnosys|-lc_nano|-lgcc|crt0\.o|crt1\.o|Scrt1\.o|crti\.o|nano\.specs|nosys\.specs)\b/.exec(output);
  return header?.[1] ?? linked?.[1] ?? null;
}
