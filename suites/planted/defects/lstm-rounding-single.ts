import { privateKernels, replaceOnce } from '../plant/private-kernels.ts';
import type { Defect } from './defect.ts';

export const lstmRoundingSingle: Defect = {
  id: 'lstm-rounding-single',
  causes: ['rounding.single'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'Sums and products of the LSTM are requantised with one rounding, ties up; other layers as they must be.',
  plant: (site) => ({ kind: 'files', edit: (files) => {
    const { name } = site.manifest;
    const own = privateKernels(files, name);
    const header = `${name}_nn_fixed_point.h`;
    const marker = `static inline int32_t ${name}_nn_clamp(`;
    const single = `static inline int32_t ${name}_nn_requantise_once(int32_t x, const ${name}_nn_requant *q)
{
  const int32_t n = 31 - q->left + q->right;
  return (int32_t)(((int64_t)x * q->multiplier + ((int64_t)1 << (n - 1))) >> n);
}

`;
    const lstm = own.get(`${name}_nn_lstm.h`) as string;
    return new Map([...replaceOnce(own, header, marker, `${single}${marker}`), [`${name}_nn_lstm.h`, lstm.replaceAll(`${name}_nn_requantise(`, `${name}_nn_requantise_once(`)]]);
  } }),
};
