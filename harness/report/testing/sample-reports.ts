import type { CaseReport, FaultReport, LayerReport, OutputReport, Plot, Report, ReportDevice, TensorReport, Verdict } from '../report.ts';
import { overallVerdict } from '../verdict.ts';

/** Realistic reports for tests of the writers and of whatever reads reports. Deterministic; no clock, no randomness. */
export const SEQUENCES: readonly string[] = ['tip-in', 'tip-out', 'ramp', 'idle', 'gear-change', 'overrun'];
export const STEPS = 300;
const SAMPLES = SEQUENCES.length * STEPS;

export const QEMU_M4: ReportDevice = { id: 'qemu-m4', kind: 'qemu', core: 'cortex-m4', clockHz: 25_000_000, simulated: true };
export const BOARD: ReportDevice = { id: 'nucleo', kind: 'serial', core: 'cortex-m4', clockHz: 100_000_000, simulated: false };
export const HOST: ReportDevice = { id: 'host', kind: 'host', core: 'x86-64', clockHz: 0, simulated: false };

export function tensor(changes: Partial<TensorReport> = {}): TensorReport {
  return {
    tensor: 14, name: 'lstm/output', role: 'output', dtype: 'int8', shape: [1, 1, 16], by: 'digest', compared: SAMPLES * 16,
    mismatched: 0, lowerBound: false, maxAbsDiff: 0, diffUnit: 'lsb', histogram: {}, firstMismatch: null, ...changes,
  };
}

export function layer(changes: Partial<LayerReport> = {}): LayerReport {
  const tensors = changes.tensors ?? [tensor()];
  return {
    index: 0, op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', name: 'lstm/output', covers: [0], ran: 'cpu',
    compared: tensors.reduce((sum, one) => sum + one.compared, 0), mismatched: tensors.reduce((sum, one) => sum + one.mismatched, 0),
    maxAbsDiff: Math.max(0, ...tensors.map((one) => one.maxAbsDiff ?? 0)), tensors, own: null, from: [-1], diagnosis: [], where: null,
    cost: { value: 21_874, unit: 'instructions', quality: 'modelled', macs: 1408, bytes: 1712, energyUj: 1.31 }, ...changes,
  };
}

const lstm = (): LayerReport => layer({ tensors: [
  tensor(),
  tensor({ tensor: 15, name: 'lstm/output_state', role: 'state', shape: [1, 16] }),
  tensor({ tensor: 16, name: 'lstm/cell_state', role: 'state', dtype: 'int16', shape: [1, 16] }),
] });

const dense = (changes: Partial<LayerReport> = {}): LayerReport => layer({
  index: 1, op: 'FULLY_CONNECTED', name: 'torque', covers: [1],
  tensors: [tensor({ tensor: 17, name: 'torque', shape: [1, 1], compared: SAMPLES })],
  cost: { value: 412, unit: 'instructions', quality: 'modelled', macs: 16, bytes: 20, energyUj: 0.025 }, ...changes,
});

export function output(changes: Partial<OutputReport> = {}): OutputReport {
  return {
    name: 'torque', compared: SAMPLES, mismatched: 0, maxAbsDiff: 0,
    metrics: [{ name: 'torque RMSE', kind: 'rmse', value: 4.83, unit: 'N m', max: 8, passed: true }], ...changes,
  };
}

/** A torque that rises after a pedal step, and what a quantised network makes of it. */
export function plots(error = 1): Plot[] {
  return SEQUENCES.map((sequence, which) => {
    const plant: number[] = [];
    const device: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      const t = step / 50;
      const truth = 80 + 140 * (1 - Math.exp(-t / (0.6 + which / 5))) * Math.cos(which * 0.9) + 12 * Math.sin(t * (2 + which));
      plant.push(Number(truth.toFixed(4)));
      device.push(Math.round((truth + error * 4 * Math.sin(t * 7 + which)) / 2.1) * 2.1);
    }
    return { title: 'torque', unit: 'N m', sequence, stepSeconds: 0.02, series: [{ name: 'plant', values: plant }, { name: 'device', values: device }] };
  });
}

export function caseReport(changes: Partial<CaseReport> = {}): CaseReport {
  return {
    name: 'engine torque LSTM', device: 'qemu-m4', verdict: 'pass', durationMs: 8421, reasons: [],
    model: { file: 'models/torque_lstm_int8.tflite', sha256: '7d5c'.repeat(16) },
    generator: { name: 'builtin', version: '0.1.0' },
    image: {
      sha256: 'a41e'.repeat(16), buildId: '0c6be1a9f4d2873355aa12bb90cc41de', compiler: 'arm-none-eabi-gcc 12.2.1 20221205',
      flags: ['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=hard', '-O2', '-ffp-contract=off'], cached: false,
    },
    profile: 'tflm', samples: SAMPLES, sequences: SEQUENCES.map((name) => ({ name, samples: STEPS })),
    layers: [lstm(), dense()], outputs: [output()], tolerances: [], determinism: [],
    latency: { unit: 'instructions', quality: 'modelled', median: 22_391, min: 22_377, max: 22_406, n: SAMPLES, layersSum: 22_286, layersTotal: 22_391 },
    latencyReason: '',
    counters: [{ name: 'instructions retired', value: 22_391, unit: 'instructions', quality: 'modelled' }],
    memory: { flashBytes: 18_532, ramBytes: 6_240, networkFlashBytes: 8_480, networkRamBytes: 288, arenaBytes: 192, stackBytes: 616, stackBoundBytes: 560 },
    energy: { value: 1.34, unit: 'uJ', quality: 'modelled', source: '60 pJ an instruction, cortex-m4 table' }, energyReason: '',
    link: { bytesToDevice: 34_120, bytesFromDevice: 121_904, resent: 0, damaged: 0, seconds: 3.1 },
    fault: null, log: ['hil agent ready'], npu: { used: false, operators: 0, of: 2 }, plots: plots(), ...changes,
  };
}

export function report(cases: readonly CaseReport[], changes: Partial<Report> = {}): Report {
  return {
    schema: 'hil-report/1', verdict: overallVerdict(cases),
    run: {
      id: '20261121-104502-3f9a', startedAt: '2026-11-21T10:45:02.117Z', durationMs: 9_318,
      phases: [{ name: 'plan', durationMs: 212 }, { name: 'build', durationMs: 4_006 }, { name: 'run', durationMs: 4_640 }, { name: 'report', durationMs: 460 }],
      hilVersion: '0.1.0', command: ['hil', 'run', 'suites/engine-rom', '--device', 'qemu-m4'],
      hostFingerprint: { os: 'linux 6.1', arch: 'x64', cpu: 'Example CPU 8 cores', node: 'v24.9.0', tools: { 'arm-none-eabi-gcc': '12.2.1', 'qemu-system-arm': '7.2.9' } },
    },
    devices: [QEMU_M4], suite: { name: 'engine-rom', description: 'Reduced-order engine torque, LSTM in int8', file: 'suites/engine-rom/suite.json' }, cases, ...changes,
  };
}

const STATE_MISMATCH = tensor({
  tensor: 16, name: 'lstm/cell_state', role: 'state', dtype: 'int16', shape: [1, 16], by: 'values', mismatched: 1270, maxAbsDiff: 3,
  histogram: { '-3': 41, '-2': 180, '-1': 702, '1': 311, '2': 36 },
  firstMismatch: { sequence: 'tip-in', sample: 37, step: 37, index: [0, 5], expected: -3, got: -4 },
});

export function wrongLayers(): LayerReport[] {
  return [
    { ...layer({ tensors: [tensor({ by: 'values', mismatched: 218, maxAbsDiff: 1, histogram: { '-1': 120, '1': 98 },
      firstMismatch: { sequence: 'tip-in', sample: 39, step: 39, index: [0, 0, 5], expected: 17, got: 16 } }), STATE_MISMATCH] }),
      own: { compared: SAMPLES * 48, mismatched: 1488, maxAbsDiff: 3, samples: SAMPLES, first: STATE_MISMATCH.firstMismatch },
      diagnosis: [{ cause: 'rounding.single', text: 'rounds once instead of twice', wrong: 212, explained: 212, contradicted: 0, samples: 8, rank: 1 }] },
    { ...dense({ tensors: [tensor({ tensor: 17, name: 'torque', shape: [1, 1], by: 'values', compared: SAMPLES, mismatched: 64, maxAbsDiff: 2,
      histogram: { '-2': 4, '-1': 33, '1': 27 }, firstMismatch: { sequence: 'tip-in', sample: 41, step: 41, index: [0, 0], expected: 88, got: 87 } })] }),
      own: { compared: SAMPLES, mismatched: 0, maxAbsDiff: 0, samples: SAMPLES, first: null }, from: [0] },
  ];
}

export const passCase = (): CaseReport => caseReport();

export const failCase = (): CaseReport => caseReport({
  verdict: 'fail', layers: wrongLayers(), plots: plots(2.6),
  reasons: ['layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM is wrong by itself: 1488 of 86400 elements (1 more layer differs)', 'output torque: 64 of 1800 elements differ', 'output torque: torque RMSE is 9.12 N m, limit 8 N m'],
  outputs: [output({ mismatched: 64, maxAbsDiff: 2, metrics: [{ name: 'torque RMSE', kind: 'rmse', value: 9.12, unit: 'N m', max: 8, passed: false }] })],
});

/** Differs from the reference, and passes: its metrics are what counts. */
export const judgedCase = (): CaseReport => ({
  ...failCase(), verdict: 'pass', judge: 'metrics', reasons: [],
  outputs: [output({ mismatched: 64, maxAbsDiff: 2, metrics: [
    { name: 'torque RMSE', kind: 'rmse', value: 4.91, unit: 'N m', max: 8, passed: true }, { name: 'cosine', kind: 'cosine', against: 'reference', value: 0.9993, unit: '', max: null, min: 0.99, passed: true },
  ] })],
});

/** A case that ended early: what was compared until then, no figures. */
export function cutShort(verdict: Verdict, reasons: readonly string[], changes: Partial<CaseReport> = {}): CaseReport {
  return caseReport({
    verdict, reasons, samples: 0, sequences: [], layers: [], outputs: [], latency: null, latencyReason: 'the case ended early', counters: [],
    energy: null, energyReason: 'no latency to model it from', plots: [], ...changes,
  });
}

export const FAULT: FaultReport = {
  kind: 'fault', text: 'HardFault: unaligned word load (UFSR.UNALIGNED)',
  registers: {
    r0: '0x20000411', r1: '0x00000003', r2: '0x00001f00', r3: '0x00000010', r12: '0x00000000', sp: '0x20003fa0', lr: '0x0000130d', pc: '0x00001a3c',
    xpsr: '0x61000000', cfsr: '0x01000000', hfsr: '0x40000000', mmfar: '0xe000ed34', bfar: '0xe000ed38',
  },
  flags: ['UNALIGNED', 'FORCED'], pc: { address: '0x00001a3c', function: 'hil_fully_connected', file: 'kernels/fully_connected.c', line: 88 },
  layer: { index: 1, op: 'FULLY_CONNECTED', name: 'torque' }, sequence: 'tip-in', sample: 0, step: 0,
};

export const faultCase = (): CaseReport => cutShort('fail', ['fault in layer 1 FULLY_CONNECTED: HardFault: unaligned word load (UFSR.UNALIGNED)'], {
  fault: FAULT, samples: 1, sequences: [{ name: 'tip-in', samples: 1 }], log: ['hil agent ready', 'HardFault_Handler'],
  layers: [layer({ tensors: [tensor({ compared: 16 })] }), dense({ ran: 'not executed', maxAbsDiff: null, cost: { value: null, unit: 'instructions', quality: null, macs: 16, bytes: 20, energyUj: null }, tensors: [tensor({ tensor: 17, name: 'torque', compared: 0, maxAbsDiff: null, shape: [1, 1] })] })],
});

export const hangCase = (): CaseReport => cutShort('fail', ['hang in layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM: no end after 2.0 s'], {
  fault: { kind: 'hang', text: 'no end after 2.0 s', registers: {}, flags: [], pc: { address: '0x00000f12', function: null, file: null, line: null },
    layer: { index: 0, op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', name: 'lstm/output' }, sequence: 'ramp', sample: 640, step: 40 },
});

export const benchCase = (): CaseReport => cutShort('bench-error', ['qemu-m4: no HELLO within 5000 ms', 'try `hil devices doctor qemu-m4`'], { link: null, memory: null, device: 'qemu-m4' });
export const buildCase = (): CaseReport => cutShort('build-error', ['arm-none-eabi-gcc: network.c:41:3: error: implicit declaration of function `hil_pow`'], { image: null, memory: null, link: null, generator: null });
export const skippedCase = (): CaseReport => cutShort('skipped', ['quarantined: needs the new board revision (owner: bench team, until 2027-01-31)'], { image: null, memory: null, link: null, model: null });
export const interruptedCase = (): CaseReport => cutShort('interrupted', ['interrupted by SIGINT'], { samples: 120, sequences: [{ name: 'tip-in', samples: 120 }], layers: [lstm()] });

/** 100 layers, each with what a wide network would show. */
export const wideCase = (layers = 100, samples = 1000): CaseReport => caseReport({
  name: 'wide network', samples, npu: { used: false, operators: 0, of: layers },
  layers: Array.from({ length: layers }, (_, index) => layer({
    index, op: index % 3 === 0 ? 'CONV_2D' : index % 3 === 1 ? 'DEPTHWISE_CONV_2D' : 'ADD', name: `block_${index}/out`, covers: [index],
    tensors: [tensor({ tensor: index + 1, name: `block_${index}/out`, shape: [1, 12, 12, 16], compared: samples * 2304 })],
    cost: { value: 900_000 + ((index * 7919) % 400_000), unit: 'instructions', quality: 'modelled', macs: 331_776, bytes: 4_608, energyUj: 54 },
  })),
});

/** Two cases on three devices, of which one is in quarantine and one wrong; two more are not here. */
export function matrixReport(): Report {
  const second = { name: 'pump' };
  const cycles: Partial<CaseReport> = { device: 'nucleo', latency: { unit: 'cycles', quality: 'hardware', median: 31_204, min: 31_204, max: 31_900, n: SAMPLES, layersSum: null, layersTotal: null } };
  const onHost: Partial<CaseReport> = { device: 'host', latency: null, latencyReason: 'not measured on the host', memory: null };
  const made = report([
    passCase(), { ...failCase(), ...cycles, layers: wrongLayers().map((one) => ({ ...one, cost: { ...one.cost, unit: 'cycles', quality: 'hardware' } })) }, { ...passCase(), ...onHost },
    { ...passCase(), ...second }, { ...skippedCase(), ...second, device: 'nucleo' }, // and not meant for the host
  ], { devices: [QEMU_M4, BOARD, HOST] });
  return { ...made, run: { ...made.run, leftOut: [{ device: 'qemu-old', why: 'QEMU with the machine old' }, { device: 'fvp', why: 'FVP_Model' }] } };
}

/** Every sample a writer must cope with, by name; those with a diagnosis are in diagnosed-reports.ts. */
export function sampleReports(): Record<string, Report> {
  return {
    pass: report([passCase()]), fail: report([failCase()]), fault: report([faultCase()]), hang: report([hangCase()]), bench: report([benchCase()]),
    build: report([buildCase()]), skipped: report([skippedCase()]), interrupted: report([interruptedCase()]), wide: report([wideCase()]), empty: report([]),
    mixed: report([passCase(), { ...failCase(), device: 'host' }, faultCase(), benchCase(), buildCase(), skippedCase()], { devices: [QEMU_M4, HOST] }),
    matrix: matrixReport(), judged: report([judgedCase()]),
  };
}
