import t from 'tap';
import { parseModel } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { allocateTensors } from './memory.ts';

t.test('constants are shared where their data is one, and only there', async (t) => {
  const constant = (name: string) => ({ name, dtype: 'int8' as const, shape: [4], data: [1, 2, 3, 4] });
  const graph = parseModel(writeModel({ tensors: [constant('a'), constant('b')], operators: [], inputs: [], outputs: ['a'] })).subgraphs[0]!;
  const [a] = graph.tensors;
  const twice = { ...graph, tensors: [a!, { ...a!, index: 1 }] };
  const [first, second] = allocateTensors(twice);
  t.equal(first, second, 'two tensors of one buffer');
  // As an edited model has them: each in a buffer of its own, at the same offset.
  const edited = { ...graph, tensors: graph.tensors.map((tensor, i) => ({ ...tensor, data: Uint8Array.of(i, i, i, i) })) };
  t.same(allocateTensors(edited).map((data) => data[0]), [0, 1]);
});
