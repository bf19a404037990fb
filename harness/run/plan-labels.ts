import { HilError } from '../errors.ts';
import type { Graph, Tensor } from '../model/graph.ts';
import type { SuiteCase } from '../suite/index.ts';
import { inputTensors } from './main-graph.ts';
import type { PlannedSequence } from './planned-case.ts';

/**
 * Labels that could never be compared, or never say anything: better said before anything runs.
 * @param area whether an area under the ROC curve is asked for, which needs files of each class
 * @throws HilError 'config' suite.labels
 */
export function checkLabels(sequences: readonly PlannedSequence[], graph: Graph, score: SuiteCase['score'], area: boolean): void {
  const files = sequences.flatMap(({ labels }) => labels?.files ?? []);
  const refuse = (why: string): never => { throw new HilError('config', 'suite.labels', why); };
  if (files.length === 0) return score === 'output' ? undefined : refuse('"score" says what labels are compared with, and no sequence has labels');
  const output = graph.tensors[graph.outputs[0] ?? -1] as Tensor;
  const inputs = inputTensors(graph);
  if (score === 'reconstruction' && (inputs.length !== 1 || inputs[0]?.elements !== output.elements)) refuse(`"score": "reconstruction": output ${output.name} has not the elements of the model's input`);
  const columns = score === 'reconstruction' ? 1 : output.elements;
  if (score === 'output' && output.elements !== (output.shape.at(-1) ?? 1)) refuse(`labels: output ${output.name} has more than one row a sample, so its greatest value is no class`);
  const classes = Math.max(2, columns);
  const beyond = files.find(({ label }) => label >= classes);
  if (beyond !== undefined) refuse(`labels: ${beyond.name} is of class ${beyond.label}, and ${columns === 1 ? 'one score tells classes 0 and 1 apart' : `output ${output.name} has ${columns} values`}`);
  if (!area) return;
  const present = new Set(files.map(({ label }) => label));
  const missing = Array.from({ length: classes }, (_each, k) => k).filter((k) => !present.has(k));
  if (missing.length > 0) refuse(`auc needs files of each class, and none is of class ${missing.join(', ')}: give more samples, or leave auc out`);
}
