import t from 'tap';
import { terminalCase, terminalReport } from './terminal.ts';
import { diagnosedCase, forgivenCase, notShownCase, TOLERANCES } from './testing/diagnosed-reports.ts';
import { HOSTILE, hostileReport } from './testing/hostile.ts';
import { benchCase, failCase, faultCase, HOST, matrixReport, passCase, report, sampleReports } from './testing/sample-reports.ts';

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
  t.match(fail, /^ {2}culprit +layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM: 1 488 of 86 400 elements wrong by itself \(max \|d\| 3\), first in sequence tip-in, step 37, element \[0,5\]$/m);
  t.match(fail, /^ {2}cause +rounds once instead of twice \(explains 212 of 212 elements in 8 samples, 100 %\)$/m);
  t.match(fail, /^ {2}spread +1 layer inherited the error \(1\); output torque: 64 of 1 800 elements differ$/m);
  t.match(fail, /FULLY_CONNECTED .*inherited from an earlier layer/);
  t.notMatch(fail, /tensor 16/);
  t.match(terminalCase(failCase(), { verbose: true }).join('\n'), /^ {2}mismatch +layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM tensor 16 \(state\): sequence tip-in, step 37, element \[0,5\]: expected -3, got -4$/m);
  const fault = terminalCase(faultCase()).join('\n');
  t.match(fault, /at hil_fully_connected kernels\/fully_connected\.c:88, PC 0x00001a3c/);
  t.match(fault, /cfsr 0x01000000/);
  t.match(fault, /energy +not known: no latency/);
  t.match(terminalCase(benchCase()).join('\n'), /BENCH ERROR: qemu-m4: no HELLO/);
});

t.test('what is allowed and what repeats, with the reasons', async (t) => {
  const text = terminalCase(diagnosedCase()).join('\n');
  t.match(text, /^ {2}allowed +operator SOFTMAX \(layer 9\): differences up to 1 LSB in at most 1 % of the elements; BROKEN: 90 of 400 elements differ, max \|d\| 9; reason: the table has 256 entries$/m);
  t.match(text, /^ {2}allowed +layer block\/max\* \(layer 5\): any difference in at most 12 elements; no longer needed: nothing differs; reason: see ticket 41$/m);
  const [broken, unneeded] = TOLERANCES;
  if (broken === undefined || unneeded === undefined) throw new Error('no tolerance');
  const many = terminalCase(diagnosedCase({ tolerances: [...Array.from({ length: 30 }, (_, at) => ({ ...broken, scope: `layer ${at}`, kept: true })), broken, unneeded] }));
  const allowed = many.filter((line) => /^ {2}allowed/.test(line));
  t.match(allowed, [/BROKEN/, /no longer needed/, ...Array.from({ length: 6 }, () => /kept/), /and 24 more tolerances$/], 'what someone must do comes first');
  t.match(text, /^ {2}repeats +same sample twice: same \(8 samples\)$/m);
  t.match(text, /^ {2}repeats +other bytes in memory: differs, from layer 1 DEPTHWISE_CONV_2D on \(8 samples\); 12 bytes of tensor 11$/m);
});

t.test('forgiven is a state of its own, in words, with a mark and a colour that is not red', async (t) => {
  const lines = terminalCase(forgivenCase(), { paint: (style, text) => `<${style}>${text}` });
  t.match(lines.find((line) => / 1 {2}DEPTHWISE/.test(line)), /^<warn> .* 0 +255 .*≈ differs, forgiven, own error: 720 elements$/);
  t.match(lines.find((line) => / 4 {2}SOFTMAX/.test(line)), /^<warn> .*≈ differs, forgiven$/);
  t.notMatch(lines.find((line) => / 3 {2}MAX_POOL/.test(line)), /warn|forgiven/);
  const text = lines.join('\n');
  t.match(text, /^ {2}<warn>forgiven {2}layer 1 DEPTHWISE_CONV_2D, forgiven by the tolerance for operator DEPTHWISE\*: 720/m);
  t.match(text, /400 elements compared, 0 mismatched, max \|d\| 3 \(≈ differs, forgiven\)/);
  t.match(text, /any difference in at most 99\.999 % of the elements/);
  t.notMatch(text, /<bad>/);
});

t.test('a layer that was never shown has no count', async (t) => {
  const text = terminalCase(notShownCase()).join('\n');
  t.match(text, /^ +0 {2}CONV_2D +16 000 +- .*not executed or not shown$/m);
  t.match(text, /^ +1 {2}RESHAPE +16 000 +at least 1 /m);
});

t.test('several devices: a column each, every figure with its unit; what was left out is said', async (t) => {
  const text = terminalReport(matrixReport()).join('\n');
  const table = text.slice(text.indexOf('All devices\n'));
  t.match(table, /^ +qemu-m4 +nucleo +host$/m);
  t.match(table, /^ +cortex-m4 +cortex-m4 +x86-64$/m);
  t.match(table, /^ {2}engine torque LSTM +PASS +FAIL +PASS$/m);
  t.match(table, /^ {4}latency \(median\) +22 391 instructions \(modelled\) {2}31 204 cycles \(hardware\) +-$/m);
  t.match(table, /^ {4}flash \/ RAM \/ stack +18\.1 KiB \/ 6\.1 KiB \/ 616 B +18\.1 KiB .* -$/m);
  t.match(table, /^ {2}pump +PASS +SKIPPED +-$/m);
  const columns = table.split('\n').slice(1, 4).map((line) => line.search(/nucleo|(?<=cortex-m4 +)cortex-m4|FAIL/));
  t.same(new Set(columns).size, 1, 'columns stand below each other');
  t.match(table, /^ {2}left out {2}qemu-old: QEMU with the machine old\n {2}left out {2}fvp: FVP_Model$/m);
  t.match(text.split('\n').at(-1), /^FAIL .*: 3 pass, 1 fail, 1 skipped, 2 devices left out \(/);
  t.notMatch(terminalReport(report([passCase()])).join('\n'), /All devices|left out/, 'one device needs no table');
  const many = Array.from({ length: 30 }, (_, at) => ({ ...HOST, id: `board-${at}` }));
  const wide = terminalReport(report(many.map(({ id }) => ({ ...passCase(), device: id })), { devices: many })).join('\n');
  const wideTable = wide.slice(wide.indexOf('All devices\n')).split('\n');
  t.ok(wideTable.every((line) => line.length <= 140), 'tables below each other where the columns do not fit');
  for (const { id } of many) t.match(wideTable.join('\n'), new RegExp(`  ${id}(  |$)`, 'm'));
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
  t.ok(HOSTILE.length > 10);
});
