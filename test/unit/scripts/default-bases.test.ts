import { expect, it } from 'vitest';
import { DEFAULT_BASES } from '../../../scripts/bases/default-bases';
import { sizesFor } from '../../../src/experiment/toy/toy';
import { baseKey } from '../../../src/experiment/training/pretrained';

it.each([
  [['q_proj', 'v_proj']],
  [['gate_proj', 'up_proj', 'down_proj']],
  [['c_attn']],
  [['query', 'value']],
  [['to_q', 'to_k', 'to_v', 'to_out.0']],
  [['ff.net.0.proj']],
  [['all-linear']],
  [null],
])('a check with default settings on %j has a base that is made before', (targetModules) => {
  const keys = DEFAULT_BASES.map(baseKey);
  for (const rank of [1, 4, 16, 256]) {
    const sizes = sizesFor('transformer', { rank, targetModules });
    expect(keys).toContain(baseKey({ ...sizes, seeds: [1, 2] }));
  }
});
