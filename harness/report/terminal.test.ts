import t from 'tap';
import { githubAnnotations } from './github.ts';
import { terminalCase, terminalReport } from './terminal.ts';
import { HOSTILE, hostileReport } from './testing/hostile.ts';
import { benchCase, failCase, faultCase, passCase, report, sampleReports } from './testing/sample-reports.ts';

t.test('a pass', async (t) => {
  const lines = terminalCase(passCase());
  const text = lines.join('\n');
  t.match(text, /layer {2}op +compared {2}mismatched {2}max \|d\| {2}instructions +MACs {2}energy \(modelled\)/);
  t.match(text, /^ +0 {2}UNIDIRECTIONAL_SEQUENCE_LSTM +86 400 +0 +0 +21 874 +1 408 +1\.31 uJ$/m);
  for (const part of [/torque RMSE 4\.83 N m \(limit 8 N m\) ok/, /median 22 391, min 22 377, max 22 406 instructions \(modelled, n=1800\)/, /sum of the layers 22 286 of 22 391/,
    /energy +1\.34 uJ \(modelled; /, /33\.3 KiB to the device, .* 0 resent/, /NPU not used, 0 of 2 operators/, /PASS, 1 800 samples in 6 sequences/]) t.match(text, part);
});

t.test('a fail shows the first mismatch, a fault its place and registers', async (t) => {
  const fail = terminalCase(failCase()).join('\n');
  t.match(fail, /layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM tensor 16 \(state\): sequence tip-in, step 37, element \[0,5\]: expected -3, got -4/);
  t.match(fail, /FULLY_CONNECTED .*inherited from an earlier layer/);
  t.match(fail, /cause\? +layer 0: Matches a single-rounding .*\(likely\)/);
  const fault = terminalCase(faultCase()).join('\n');
  t.match(fault, /at hil_fully_connected kernels\/fully_connected\.c:88, PC 0x00001a3c/);
  t.match(fault, /cfsr 0x01000000/);
  t.match(fault, /energy +not known: no latency/);
  t.match(terminalCase(benchCase()).join('\n'), /BENCH ERROR: qemu-m4: no HELLO/);
});

t.test('the last line is the verdict of the run', async (t) => {
  for (const [name, sample] of Object.entries(sampleReports())) {
    t.match(terminalReport(sample).at(-1), sample.verdict.toUpperCase().replace('-', ' '), name);
  }
});

t.test('colour goes around escaped text only', async (t) => {
  const lines = terminalReport(report([failCase()]), { paint: (style, text) => `<${style}>${text}</>` });
  t.ok(lines.some((line) => line.startsWith('<bad>  ') && line.includes('1 488')));
});

t.test('hostile names are text', async (t) => {
  for (const line of terminalReport(hostileReport(), { verbose: true })) {
    if (/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028]|^\s*::|##\[|##vso\[/.test(line)) t.fail(JSON.stringify(line));
  }
  const annotations = githubAnnotations(hostileReport());
  t.ok(annotations.length === 10 && annotations.every((line) => /^::error title=[^:,\n]*::[^\n]*$/.test(line)));
  t.match(githubAnnotations(report([])), [/no pass: bench-error/]);
  t.same(githubAnnotations(report([passCase()])), []);
  t.ok(HOSTILE.length > 10);
});
