import { execa } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { agentDir, boardsDir, has, strict } from '../../agent/fixtures/compile.ts';

// uart_divider.c on this computer: questions in, dividers out.
const dir = await mkdtemp(join(tmpdir(), 'hil-divider-'));
t.teardown(() => rm(dir, { recursive: true, force: true }));
const gcc = await has('gcc');
const program = join(dir, 'divider');
if (gcc) {
  await writeFile(join(dir, 'main.c'), `#include <stdio.h>
#include "hil_uart.h"
int main(void) {
  unsigned c, b, l, m;
  while (scanf("%u %u %u %u", &c, &b, &l, &m) == 4) { printf("%u\\n", (unsigned)hil_uart_divider(c, b, l, m)); }
  return 0;
}
`);
  await execa('gcc', ['-std=c99', ...strict, '-fsanitize=undefined', `-I${agentDir}`, `-I${boardsDir}/common`, join(dir, 'main.c'), join(boardsDir, 'common/uart_divider.c'), '-o', program], { timeout: 60_000 });
}
type Question = readonly [clockHz: number, baud: number, least: number, most: number];
async function ask(questions: readonly Question[]): Promise<number[]> {
  const { stdout, stderr } = await execa(program, { input: questions.map((each) => each.join(' ')).join('\n'), timeout: 20_000 });
  if (stderr !== '') throw new Error(stderr);
  return stdout.split('\n').map(Number);
}

t.test('of the boards', { skip: !gcc && 'needs gcc' }, async (t) => {
  const stm32f4 = 42_000_000, stm32h7 = 100_000_000, pl011 = 4 * 125_000_000;
  t.same(await ask([[stm32f4, 115_200, 16, 65_535], [stm32f4, 921_600, 16, 65_535], [stm32h7, 115_200, 16, 65_535], [stm32h7, 921_600, 16, 65_535]]), [365, 46, 868, 109]);
  t.same(await ask([[pl011, 115_200, 64, 65_535 * 64], [pl011, 921_600, 64, 65_535 * 64]]), [4340, 543]);
  t.same(await ask([
    [stm32f4, 3_000_000, 16, 65_535], // 14: fewer than 16 samples a bit
    [stm32f4, 300, 16, 65_535], // 140,000: more than the register holds
    [stm32f4, 0, 16, 65_535], [stm32f4, 42_000_001, 1, 65_535],
    [1_000_000, 620_000, 1, 100], // 1,000,000 and 500,000 are both far off
  ]), [0, 0, 0, 0, 0]);
});

t.test('is the nearest, and within 2 %', { skip: !gcc && 'needs gcc' }, async (t) => {
  const questions = fc.sample(fc.tuple(fc.integer({ min: 1_000_000, max: 0xffff_ffff }), fc.integer({ min: 1200, max: 8_000_000 }), fc.integer({ min: 1, max: 64 }), fc.integer({ min: 64, max: 0x3f_ffff })), { numRuns: 2000, seed: 5 });
  const answers = await ask(questions);
  const off = ([clockHz, baud]: Question, by: number): number => Math.abs(clockHz / by - baud) / baud;
  let found = 0;
  for (const [i, question] of questions.entries()) {
    const [clockHz, baud, least, most] = question;
    const nearest = Math.max(1, Math.round(clockHz / baud));
    const possible = baud > 0 && baud <= clockHz && nearest >= least && nearest <= most;
    const by = answers[i]!;
    if (by === 0) {
      if (possible && off(question, nearest) < 0.019) t.fail(`${question.join(' ')} has the divider ${nearest}`);
    } else {
      found++;
      if (!possible || by !== nearest || off(question, by) > 0.021) t.fail(`${question.join(' ')} gave ${by}, not ${nearest}`);
    }
  }
  t.ok(found > 100, `${found} have a divider`);
});
