import fc from 'fast-check';
import t from 'tap';
import type { CaseReport, Report } from '../report/index.ts';
import { sharedImageNote } from '../report/index.ts';
import { benchCase, BOARD, buildCase, caseReport, failCase, faultCase, HOST, interruptedCase, layer, output, QEMU_M4, report, skippedCase, wrongLayers } from '../report/testing/sample-reports.ts';
import { meaningfulFlags } from './likeness.ts';
import { figuresOfCase, type Figure } from './metrics-of-case.ts';

const of = (one: CaseReport, changes: Partial<Report> = {}): Record<string, Figure> => Object.fromEntries(figuresOfCase(report([one], changes), one).map((figure) => [figure.metric, figure]));
const source = { commit: null, committedAt: null, subject: null, branch: null, dirty: false, pullRequest: null, jobUrl: null, bench: 'rack-a' };
const onBench = (bench: string, cpu = 'Example CPU'): Partial<Report> => {
  const { run } = report([]);
  return { run: { ...run, source: { ...source, bench }, hostFingerprint: { ...run.hostFingerprint, cpu } }, devices: [QEMU_M4, BOARD, HOST] };
};
const timed = (device: string, unit: 'instructions' | 'cycles' | 'us', quality: 'modelled' | 'approximate' | 'hardware' | 'measured'): CaseReport => caseReport({ device, latency: { unit, quality, median: 100, min: 99, max: 101, n: 5, layersSum: null, layersTotal: null } });

t.test('the figures of a case that passes', async (t) => {
  const found = of(caseReport());
  t.same(Object.keys(found).sort(), ['arena', 'counter:instructions retired', 'duration', 'energy', 'flash', 'latency', 'layers-wrong', 'mismatched', 'network-flash', 'network-ram', 'output:torque:torque RMSE', 'ram', 'stack', 'stack-bound']);
  t.match(found['latency'], { value: 22_391, unit: 'instructions', quality: 'modelled', exact: true, better: 'lower' });
  t.match(found['flash'], { value: 18_532, unit: 'B', exact: true });
  t.match(found['energy'], { value: 1.34, unit: 'uJ', exact: true });
  t.match(found['mismatched'], { value: 0, unit: 'elements', exact: true });
  t.match(found['duration'], { unit: 'ms', exact: false });
});

t.test('what a clock or a meter shows is noisy', async (t) => {
  for (const [unit, quality, exact] of [['instructions', 'modelled', true], ['us', 'approximate', false], ['cycles', 'approximate', false], ['cycles', 'hardware', false], ['us', 'measured', false]] as const) {
    t.equal(of(timed('qemu-m4', unit, quality))['latency']?.exact, exact, `${quality} ${unit}`);
  }
  t.equal(of(caseReport({ energy: { value: 3, unit: 'uJ', quality: 'measured', source: 'meter' } }))['energy']?.exact, false);
  t.equal(of(caseReport({ device: 'nucleo' }), { devices: [BOARD] })['stack']?.exact, false, 'interrupts of a board add to its stack when they come');
});

t.test('no figure where the bench or the build failed, or somebody stopped it', async (t) => {
  for (const one of [benchCase(), buildCase(), skippedCase(), interruptedCase(), caseReport({ verdict: 'bench-error' })]) t.same(figuresOfCase(report([one]), one), [], one.verdict);
});

t.test('elements are counted only of cases that ran to their end', async (t) => {
  for (const one of [faultCase(), caseReport({ verdict: 'fail', endCode: 'target.fault' }), caseReport({ verdict: 'fail', samples: 0 })]) t.same(Object.keys(of(one)).filter((metric) => /mismatched|layers-wrong|output/.test(metric)), []);
  t.ok((of(failCase())['mismatched']?.value ?? 0) > 0);
  t.ok((of(caseReport({ layers: wrongLayers(), verdict: 'fail' }))['layers-wrong']?.value ?? 0) > 0);
});

t.test('own errors that were not all judged make no exact count', async (t) => {
  const own = (samples: number): CaseReport => caseReport({ verdict: 'fail', samples: 100, layers: [layer({ mismatched: 5, own: { compared: 50, mismatched: 5, maxAbsDiff: 1, samples, first: null } })] });
  t.equal(of(own(100))['mismatched']?.exact, true);
  t.equal(of(own(40))['mismatched']?.exact, false);
});

t.test('flash and RAM of an image of several networks are nobody\'s', async (t) => {
  const found = of(caseReport({ reasons: ['a note', sharedImageNote(4)] }));
  t.same(Object.keys(found).filter((metric) => /^(network-)?(flash|ram)$/.test(metric)), []);
  t.ok(found['arena'] !== undefined && found['stack'] !== undefined);
});

t.test('of some metrics more is better', async (t) => {
  const metric = (kind: string, limits: { max: number | null; min?: number | null }): string | undefined => of(caseReport({ outputs: [output({ metrics: [{ name: 'm', kind, value: 1, unit: '', passed: true, ...limits }] })] }))['output:torque:m']?.better;
  t.same([metric('rmse', { max: 3 }), metric('cosine', { max: null }), metric('top-1', { max: null }), metric('l2r', { max: null }), metric('new', { max: null, min: 3 })], ['lower', 'higher', 'higher', 'lower', 'higher']);
});

t.test('numbers that are none, and what comes twice, are left out', async (t) => {
  const one = caseReport({ durationMs: Number.POSITIVE_INFINITY, counters: [{ name: 'c', value: Number.NaN, unit: '', quality: 'modelled' }, { name: 'd', value: 1, unit: '', quality: 'modelled' }, { name: 'd', value: 2, unit: '', quality: 'modelled' }] });
  const found = figuresOfCase(report([one]), one);
  t.same(found.filter(({ metric }) => /^(counter|duration)/.test(metric)).map(({ metric, value }) => [metric, value]), [['counter:d', 1]]);
  fc.assert(fc.property(fc.double(), fc.double(), (median, value) => {
    const spoilt = caseReport({ durationMs: value, latency: { unit: 'us', quality: 'measured', median, min: 0, max: 0, n: 1, layersSum: null, layersTotal: null } });
    return figuresOfCase(report([spoilt]), spoilt).every((figure) => Number.isFinite(figure.value));
  }));
});

t.test('likeness: what must be the same, and what is a change to be seen', async (t) => {
  const latency = (one: CaseReport, changes: Partial<Report> = onBench('rack-a')): string | undefined => of(one, changes)['latency']?.likeness;
  const base = latency(caseReport());
  const image = caseReport().image as NonNullable<CaseReport['image']>;
  for (const [what, one] of [['model', caseReport({ model: { file: 'other', sha256: '0'.repeat(64) } })], ['generator', caseReport({ generator: { name: 'hil', version: '9' } })], ['image', caseReport({ image: { ...image, sha256: '1'.repeat(64), buildId: 'x', cached: true } })],
    ['name', caseReport({ name: 'other' })], ['value', timed('qemu-m4', 'instructions', 'modelled')], ['path', caseReport({ image: { ...image, flags: [...image.flags, '-I/home/me/include', '-I', '/somewhere', '-ffile-prefix-map=/a=/b', '-Wall', '-fdiagnostics-color=never'] } })]] as const) {
    t.equal(latency(one), base, `another ${what} is alike`);
  }
  t.equal(latency(caseReport(), onBench('rack-b', 'Other CPU')), base, 'what is counted is the same on every computer');
  t.not(latency(timed('nucleo', 'instructions', 'modelled')), base, 'another device');
  for (const [what, one] of [['compiler', { ...image, compiler: 'gcc 14' }], ['flag', { ...image, flags: ['-O3'] }], ['define', { ...image, flags: [...image.flags, '-DFAST=1'] }]] as const) t.not(latency(caseReport({ image: one })), base, `another ${what}`);
  t.not(latency(timed('qemu-m4', 'us', 'approximate')), latency(timed('qemu-m4', 'cycles', 'approximate')), 'another unit');
  t.not(latency(timed('nucleo', 'us', 'measured')), latency(timed('nucleo', 'us', 'hardware')), 'another quality');
  t.not(latency(caseReport(), { ...onBench('rack-a'), devices: [{ ...QEMU_M4, clockHz: 1 }] }), base, 'another clock');
  t.not(latency(timed('nucleo', 'us', 'measured'), onBench('rack-a')), latency(timed('nucleo', 'us', 'measured'), onBench('rack-b')), 'measured on another bench');
  t.equal(latency(timed('nucleo', 'us', 'measured'), onBench('rack-a', 'A')), latency(timed('nucleo', 'us', 'measured'), onBench('rack-a', 'B')), 'the clock of a board does not care for the host');
  for (const device of ['host', 'qemu-m4']) t.not(latency(timed(device, 'us', 'approximate'), onBench('rack-a', 'A')), latency(timed(device, 'us', 'approximate'), onBench('rack-a', 'B')), `${device}: the host's own clock on another host`);
  const energy = (from: string): string | undefined => of(caseReport({ energy: { value: 1, unit: 'uJ', quality: 'modelled', source: from } }))['energy']?.likeness;
  t.not(energy('table of 2014'), energy('table of 2026'), 'another source of energy');
  t.match(of(caseReport(), onBench('rack-a'))['latency']?.likenessText, /^device qemu-m4 \(cortex-m4\); clock 25000000 Hz; arm-none-eabi-gcc 12\.2\.1 20221205 -O2; modelled instructions$/);
});

t.test('likeness: of hil check the number of samples, since its inputs are in no suite; not for bytes', async (t) => {
  const check = { suite: { name: 'model', description: '', file: null } };
  const [few, many] = [5, 50].map((samples) => caseReport({ samples, sequences: [{ name: 'random', samples }] })) as [CaseReport, CaseReport];
  t.not(of(few, check)['latency']?.likeness, of(many, check)['latency']?.likeness);
  t.match(of(few, check)['latency']?.likenessText, /; samples random 5$/);
  t.equal(of(few, check)['flash']?.likeness, of(many, check)['flash']?.likeness);
  t.equal(of(few)['latency']?.likeness, of(many)['latency']?.likeness, 'those of a suite belong to the commit');
});

t.test('flags that name places go, those that shape code stay', async (t) => {
  t.same(meaningfulFlags(['-mcpu=cortex-m4', '-O2', '-I', 'inc', '-Iinc', '-isystem', '/x', '-T', 'a.ld', '-specs=/opt/x.specs', '-Wl,-Map,/tmp/x', '-Wl,--gc-sections', '-DA="b"', '-DRATE=1/3', '-std=c99', '-fdebug-prefix-map=/a=b', '-Wextra']),
    ['-mcpu=cortex-m4', '-O2', '-Wl,--gc-sections', '-DA="b"', '-DRATE=1/3', '-std=c99']);
});
