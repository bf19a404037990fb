import type { PlantedCase } from './case.ts';
import { DEFECTS } from './defects/index.ts';
import type { Defect } from './defects/defect.ts';
import { fusedCases, fusedControl } from './fused.ts';
import { MODELS } from './models/index.ts';
import { honest } from './plant/honest.ts';
import { writeNetwork } from './plant/write-network.ts';
import { sitesOf } from './sites.ts';

const SITES = sitesOf('site');

/** Every model with naive kernels wherever there are some and nothing wrong: must be bit-exact, or the table is worth nothing. */
export function controls(): PlantedCase[] {
  return [fusedControl(), ...MODELS.map((model): PlantedCase => {
    const network = `control_${model.name}`;
    return { network, name: `control ${model.name}`, model, files: writeNetwork(model.model, network, honest), kind: 'control', operator: '', what: 'control', culprits: [], causes: [] };
  })];
}

/**
 * Each defect in the first layer of each of its operators in which there is something to spoil.
 * @throws Error for a defect that finds no layer
 */
export function planted(): PlantedCase[] {
  return [...DEFECTS.flatMap((defect) => defect.operators.map((operator) => plantedCase(defect, operator))), ...fusedCases()];
}

function plantedCase(defect: Defect, operator: string): PlantedCase {
  const found = SITES.find(({ model, site }) => site.operator.name === operator && model.forRounding === (defect.rounding ?? false) && defect.plant(site) !== null);
  if (found === undefined) throw new Error(`${defect.id} finds no ${operator}`);
  const { model, site: { layer } } = found;
  const network = `${defect.id}_${operator}`.toLowerCase().replaceAll('-', '_').replace('unidirectional_sequence_', '').slice(0, 40);
  return {
    network, name: `${operator} ${defect.id} (${model.name}, layer ${layer})`, model, kind: 'planted', operator, what: defect.id, causes: defect.causes,
    files: writeNetwork(model.model, network, (site) => (site.layer === layer ? defect.plant(site) : defect.profile?.elsewhere(site) ?? null)),
    culprits: [layer], ...(defect.profile === undefined ? {} : { profile: defect.profile.name }),
  };
}
