import { cpSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { validateReport } from '../../report/index.ts';
import type { CaseReport } from '../../report/index.ts';
import { edit, generateEngine, Scene, smallSuite } from './scene.ts';

// A real defect planted in C: TFLM's glue to CMSIS-NN gives the LSTM no hidden state and clears the cell at each invocation, so
// that every step is computed as the first of its sequence. Right at step 0, which is all that many a test looks at.
const NET = 'engine_rom_int8.c';
const RUN_LSTM = '  nn_run_lstm(&layer, ENGINE_ROM_INT8_T0, engine_rom_int8_t15, engine_rom_int8_t16, ENGINE_ROM_INT8_T22);';
const ZERO_POINT = 7;
const CLEAR_CELL = '  memset(engine_rom_int8_t16, 0, sizeof engine_rom_int8_t16);\n';
const CLEAR_HIDDEN = `  memset(engine_rom_int8_t15, ${ZERO_POINT}, sizeof engine_rom_int8_t15);\n`;

t.setTimeout(200_000);
const scene = new Scene(t);
const suite = smallSuite(scene.dir, ['steps']);
const generated = await generateEngine(scene.dir);

async function casesWith(name: string, lstm: string, devices: string): Promise<readonly CaseReport[]> {
  const folder = path.join(scene.dir, name);
  cpSync(generated, folder, { recursive: true });
  edit(folder, NET, RUN_LSTM, lstm);
  const run = await scene.run(['run', suite, '--c', folder, '--device', devices]);
  if (run.code !== 1 || run.report === null) throw new Error(`exit ${run.code}\n${run.stdout}\n${run.stderr}`);
  const problems = validateReport(run.report);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return run.report.cases;
}

const best = ({ layers: [lstm] }: CaseReport): unknown => lstm?.diagnosis.filter(({ rank }) => rank === 1).map(({ cause }) => cause);
const cleared = await casesWith('cleared', CLEAR_HIDDEN + CLEAR_CELL + RUN_LSTM, 'host,qemu-m3');
const cellOnly = await casesWith('cell', CLEAR_CELL + RUN_LSTM, 'host');
const absent = await casesWith('absent', `  int8_t hidden[32];\n  memset(hidden, ${ZERO_POINT}, sizeof hidden);\n${CLEAR_CELL}${RUN_LSTM.replace('engine_rom_int8_t15', 'hidden')}`, 'host');

for (const one of cleared) {
  t.test(`state cleared at each invocation, on ${one.device}`, async (t) => {
    const [lstm, dense] = one.layers;
    t.equal(lstm?.op, 'UNIDIRECTIONAL_SEQUENCE_LSTM');
    t.ok((lstm?.own?.mismatched ?? 0) > 0, 'the LSTM is wrong by itself');
    t.match(lstm?.own?.first, { sequence: 'steps', step: 1 }, 'from the second step on: the first has nothing to forget');
    t.strictSame(best(one), ['state.cleared'], 'and nothing else explains it');
    t.match(lstm?.diagnosis[0], { contradicted: 0, text: /^all state at its start value at each invocation/ });
    t.equal(lstm?.diagnosis[0]?.explained, lstm?.diagnosis[0]?.wrong);
    t.equal(dense?.own?.mismatched, 0, 'what follows is only fed with it');
    t.ok((dense?.mismatched ?? 0) > 0);
  });
}

t.test('both devices fail alike', async (t) => {
  t.strictSame(cleared.map(({ device }) => device), ['host', 'qemu-m3']);
  t.strictSame(cleared[0]?.layers[0]?.own, cleared[1]?.layers[0]?.own);
});

t.test('the cell alone cleared', async (t) => {
  t.strictSame(cellOnly.map(best), [['state.cleared']]);
  t.match(cellOnly[0]?.layers[0], { own: { first: { step: 1 } }, diagnosis: [{ text: /^the cell state at its start value/ }] });
});

t.test('no hidden state at all: it is never written back either', async (t) => {
  t.strictSame(absent.map(best), [['state.cleared']]);
  t.match(absent[0]?.layers[0]?.own?.first, { step: 0 }, 'the state that it should have left is missing from the start');
});
