import { seededIntegers } from '../../../harness/reference/fixtures/random.ts';
import type { PlantedCase } from '../case.ts';
import { writeNetwork } from '../plant/write-network.ts';
import { sitesOf } from '../sites.ts';
import { bytes, drift } from './bytes.ts';
import { factors, starts, weights, zeroPoints } from './constants.ts';
import { KERNEL_EDITS } from './kernels.ts';
import { lstmStarts, lstmWeights } from './lstm.ts';
import type { Recipe } from './recipe.ts';

const RECIPES: readonly Recipe[] = [weights, starts, factors, zeroPoints, bytes, drift, lstmWeights, lstmStarts, ...KERNEL_EDITS];

/**
 * Random mistakes that no cause of the catalogue describes (see Recipe): each must be found in its layer and stay unexplained. The same ones for the
 * same count, and the first ones of a larger count.
 */
export function mutations(count: number): PlantedCase[] {
  return Array.from({ length: count }, (_, k) => mutation(k));
}

/** By recipe: the layers that it can be used in. */
const LAYERS = RECIPES.map((recipe) => sitesOf('site').filter(({ site }) => recipe.mutate(site, seededIntegers(1)) !== null));

function mutation(k: number): PlantedCase {
  const draw = seededIntegers(7919 * (k + 1));
  // The first numbers of neighbouring seeds are alike.
  for (let i = 0; i < 8; i++) draw(0, 1);
  const recipe = RECIPES[k % RECIPES.length] as Recipe;
  const layers = LAYERS[k % RECIPES.length]!;
  const { model, site: { layer } } = layers[draw(0, layers.length - 1)]!;
  const network = `m${k}`;
  const { site } = sitesOf(network, [model]).find((one) => one.site.layer === layer)!;
  const planting = recipe.mutate(site, draw);
  return {
    network, name: `mutation ${k} ${site.operator.name} ${recipe.id} (${model.name}, layer ${layer})`, model, kind: 'mutation', operator: site.operator.name, what: recipe.id, causes: [],
    files: writeNetwork(model.model, network, (each) => (each.layer === layer ? planting : null)), culprits: [layer],
  };
}
