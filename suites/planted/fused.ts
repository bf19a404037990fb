import type { PlantedCase } from './case.ts';
import { DEFECTS } from './defects/index.ts';
import { MODELS } from './models/index.ts';
import { fuse } from './plant/fuse.ts';
import { writeNetwork } from './plant/write-network.ts';
import { sitesOf } from './sites.ts';

/** What is planted in which layer of 'batches', whose first two layers, a convolution and a depthwise one, are shown as one. */
const PLANTED: readonly { readonly defect: string; readonly layer: 0 | 1 }[] = [
  { defect: 'bias-missing', layer: 0 }, { defect: 'bias-missing', layer: 1 }, { defect: 'kernel-mirrored', layer: 0 }, { defect: 'bit-stuck-at-one', layer: 1 },
];

/** Defects inside a layer that a generator fused: only its last tensor is seen, and the layer as a whole is the culprit. */
export function fusedCases(): PlantedCase[] {
  const model = MODELS.find(({ name }) => name === 'batches')!;
  return PLANTED.map(({ defect: id, layer }, k): PlantedCase => {
    const defect = DEFECTS.find((one) => one.id === id)!;
    const network = `fused_${k}`;
    const { site } = sitesOf(network, [model])[layer]!;
    return {
      network, name: `CONV_2D+DEPTHWISE_CONV_2D ${id} (${model.name}, fused, operator ${layer})`, model, kind: 'planted', operator: 'CONV_2D+DEPTHWISE_CONV_2D', what: id, culprits: [0], causes: defect.causes,
      files: fuse(writeNetwork(model.model, network, (each) => (each.layer === layer ? defect.plant(site) : null)), network, 0),
    };
  });
}

/** The same with nothing wrong: a network whose layers are fused so must pass. */
export function fusedControl(): PlantedCase {
  const model = MODELS.find(({ name }) => name === 'batches')!;
  const network = 'control_fused';
  return { network, name: 'control fused', model, kind: 'control', operator: '', what: 'control', culprits: [], causes: [], files: fuse(writeNetwork(model.model, network, () => null), network, 0) };
}
