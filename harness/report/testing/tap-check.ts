import { Parser } from 'tap-parser';

/** What a strict TAP reader makes of a text. */
export function parseTap(text: string): { ok: boolean; bailout: string | false; count: number; fail: number; strayLines: string[] } {
  const stray: string[] = [];
  const parser = new Parser({ strict: true });
  const watch = (one: Parser): void => {
    one.on('extra', (line: string) => stray.push(line));
    one.on('child', watch);
  };
  watch(parser);
  parser.end(text);
  const results = parser.results;
  if (results === null) throw new Error('tap-parser gave no results');
  const bail = results.bailout;
  return { ok: results.ok, bailout: bail === true ? '' : (bail ?? false), count: results.count, fail: results.fail, strayLines: stray };
}
