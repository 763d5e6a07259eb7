import { describe, expect, it } from 'vitest';
import { embeddingOf, type Embedding } from '../../../../src/recipe/rank/embedding';
import { optimizerRow } from '../../../../src/recipe/optimizers/optimizers';

/** Powers of m, as derived by hand and checked on PEFT: learning rate, weight decay, constants. */
const TABLE: readonly [ids: string, lr: number, weightDecay: number, constants: Record<string, number>][] = [
  ['adamw schedule-free-adamw stable-adamw', 0, 0, { eps: -1 }],
  ['prodigy', 0, 0, { d0: 0, eps: -1 }],
  ['adam nadam adamax rmsprop', 0, -1, { eps: -1 }],
  ['adagrad', 0, -1, { eps: -1, initialAccumulator: -2 }],
  ['sgd', 1, -1, {}],
  ['asgd', 1, -1, { lambd: -1 }],
  ['adafactor-hf came', 0, 0, { eps: -2 }],
  ['adafactor-hf-scale', 0, 0, { eps: -2, epsRms: 0 }],
  ['adadelta', 1, -1, { eps: -2 }],
  ['lion', 0, 0, {}],
  ['rprop', 0, 0, { stepMin: 0, stepMax: 0 }],
  ['sophia', 0, 0, { gamma: 1, eps: -1 }],
  ['shampoo', 1 / 2, -1, { eps: -1 }],
];

const CLIP = { maxGradNorm: -1 / 2, maxGradValue: -1 };

function embedded(id: string, options = {}): Embedding | null {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  return embeddingOf(row, options);
}

describe('A with its rows repeated m times', () => {
  it.each(TABLE.flatMap(([ids, ...rest]) => ids.split(' ').map((id) => [id, ...rest] as const)))(
    'moves the numbers of %s by its degrees',
    (id, lr, weightDecay, constants) => {
      expect(embedded(id)).toEqual({ learningRate: lr, weightDecay, ...CLIP, ...constants });
    },
  );

  it('needs the same steps for both shapes of Muon', () => {
    const numbers = { learningRate: 1 / 2, weightDecay: -1 / 2, eps: -1 / 2 };
    expect(embedded('muon', { matchRms: 1 })).toEqual({ ...numbers, ...CLIP });
    expect(embedded('muon')).toBeNull();
  });

  it.each(['soap', 'radam', 'lars', 'lora-fa', 'dadapt-lion'])('has none under %s', (id) => {
    expect(embedded(id)).toBeNull();
  });
});
