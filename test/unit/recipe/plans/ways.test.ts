import { describe, expect, it } from 'vitest';
import { plansFor } from '../../../../src/recipe/plans/plans';
import type { Field, TrainerSupport, Plan } from '../../../../src/recipe/plans/plan';
import type { Recipe } from '../../../../src/recipe/recipe';
import { everyKnob, recipeWith } from '../../../support/recipe';

const loraplus: TrainerSupport = { settable: new Set<Field>([...everyKnob.settable, 'loraplusLrRatio']) };
const bare = (fields: Partial<Recipe> = {}): Recipe =>
  recipeWith({ maxGradNorm: 0, optimizer: { ...recipeWith().optimizer, weightDecay: 0 }, ...fields });
const under = (row: string, fields: Partial<Recipe> = {}): Recipe =>
  bare({ optimizer: { ...bare().optimizer, name: row, row }, ...fields });
const plans = (recipe: Recipe, support = loraplus): readonly Plan[] => plansFor(recipe, 64, support).plans;
const ids = (recipe: Recipe, support = loraplus): string[] => plans(recipe, support).map(({ id }) => id);
function plan(recipe: Recipe, id: string, support = loraplus): Plan {
  const found = plans(recipe, support).find((each) => each.id === id);
  if (!found) throw new Error(`no plan ${id}`);
  return found;
}
const written = ({ changes }: Plan): object =>
  Object.fromEntries(changes.map(({ field, written }) => [field, written]));
const codes = ({ caveats }: Plan): string[] => caveats.map(({ code }) => code);

describe('the plans of a trainer with LoRA+', () => {
  it('keep the init through the ratio: lr/k of B under Adam, lr/k² under SGD', () => {
    expect(written(plan(bare(), 'keep-init'))).toEqual({ alpha: 64, learningRate: 2e-4, loraplusLrRatio: 0.25 });
    expect(written(plan(under('sgd'), 'keep-init'))).toMatchObject({ learningRate: 2e-4, loraplusLrRatio: 0.0625 });
    expect(written(plan(bare({ loraplusLrRatio: 16 }), 'keep-init'))).toMatchObject({ loraplusLrRatio: 4 });
  });

  it('keep B: the init and the rate of A by k, and the ratio against it', () => {
    const found = plan(bare(), 'keep-b');
    expect(written(found)).toEqual({ alpha: 64, learningRate: 5e-5, loraplusLrRatio: 4, init: 0.25 });
    expect([found.init, found.needsInitCode]).toEqual([{ A: 0.25, B: 1 }, true]);
  });

  it('are not there without a ratio, or where A and B share a state', () => {
    expect(ids(bare(), everyKnob)).toEqual(['symmetric', 'lr-only']);
    expect(ids(under('prodigy'))).toEqual(['symmetric']);
  });

  it('need no ratio where the optimizer measures its steps by the weights', () => {
    const found = plan(under('adafactor-hf-scale'), 'keep-init', everyKnob);
    expect([found.title, written(found)]).toEqual(['Alpha alone', { alpha: 64, learningRate: 2e-4 }]);
    expect(ids(under('adafactor-hf-scale'), everyKnob)).not.toContain('lr-only');
  });

  it('are nearly exact but for eps, and no more than approximate with clipping, decay or another constant', () => {
    expect([plan(bare(), 'keep-init').exactness, codes(plan(bare(), 'keep-init'))]).toEqual([
      'nearly',
      ['eps-split', 'loraplus-below-one'],
    ]);
    const cases: [Recipe, string][] = [
      [bare({ maxGradNorm: 1 }), 'clip-split'],
      [recipeWith({ maxGradNorm: 0 }), 'decay-split'],
      [under('adadelta'), 'constant-split'],
    ];
    for (const [recipe, code] of cases) {
      expect(plan(recipe, 'keep-init').exactness).toBe('approximate');
      expect(codes(plan(recipe, 'keep-init'))).toContain(code);
    }
    expect(plan(under('sgd'), 'keep-init').exactness).toBe('exact');
  });

  it('say where the trainer drops the decay, and then not that A and B share it', () => {
    const drops = { ...loraplus, loraplus: { dropsDecay: true, vectorsWithB: true } };
    const decaying = recipeWith({ maxGradNorm: 0 });
    const dropped = plan(decaying, 'keep-init', drops);
    expect(dropped).toMatchObject({ exactness: 'approximate', dropsDecay: true });
    expect(codes(dropped)).toContain('loraplus-drops-decay');
    expect(codes(dropped)).not.toContain('decay-split');
    expect(plan(decaying, 'symmetric', drops)).toMatchObject({ exactness: 'exact', dropsDecay: false });
    expect(plan(decaying, 'keep-init')).toMatchObject({ dropsDecay: false });
  });

  it('come with DoRA first where they leave its magnitudes alone', () => {
    const dora = under('sgd', { useDora: true });
    expect(ids(dora)).toEqual(['keep-init', 'symmetric', 'keep-b', 'lr-only']);
    const withB = { ...loraplus, loraplus: { dropsDecay: false, vectorsWithB: true } };
    expect(ids(dora, withB)).toEqual(['keep-b', 'symmetric', 'keep-init', 'lr-only']);
    expect(codes(plan(dora, 'keep-init', withB))).toContain('dora-magnitudes-grouped');
  });
});

describe('inits', () => {
  it('that divide by the scaling need no code, and have the one gauge', () => {
    const pissa = bare({ init: 'pissa' });
    expect(ids(pissa)).toEqual(['symmetric', 'lr-only']);
    expect(plan(pissa, 'symmetric').needsInitCode).toBe(false);
    expect(written(plan(pissa, 'lr-only'))).toEqual({ alpha: 64, learningRate: 1e-4 });
  });

  it('that leave the rate alone to move have no plan of the rate alone', () => {
    const { optimizer } = recipeWith();
    const sgd = recipeWith({
      init: 'pissa',
      maxGradNorm: 0,
      optimizer: { ...optimizer, name: 'sgd', row: 'sgd', eps: null, weightDecay: 0 },
    });
    expect(ids(sgd)).toEqual(['symmetric']);
    expect(plan(sgd, 'symmetric').exactness).toBe('exact');
  });

  it('that freeze B move the one rate by k, exactly and without code', () => {
    const mica = recipeWith({ init: 'mica' });
    const [best] = plans(mica, everyKnob);
    expect(best).toMatchObject({ id: 'keep-b', exactness: 'exact', needsInitCode: false });
    expect(best && written(best)).toEqual({
      alpha: 64,
      learningRate: 5e-5,
      weightDecay: 0.04,
      maxGradNorm: 4,
      eps: 4e-8,
    });
  });

  it('that fill B need it divided where A is kept', () => {
    const found = plan(bare({ init: 'orthogonal' }), 'keep-init');
    expect([found.needsInitCode, found.init]).toEqual([true, { A: 1, B: 0.25 }]);
  });

  it('that take the product out of the weights are not exact; LoftQ, which does not look at alpha, is', () => {
    expect(codes(plan(bare({ init: 'olora' }), 'symmetric'))).toContain('init-subtracts-scaling');
    expect(plan(bare({ init: 'loftq' }), 'symmetric').exactness).toBe('exact');
  });
});

describe('optimizers', () => {
  it('that freeze A move the one rate by k', () => {
    const [best] = plans(under('lora-fa'), everyKnob);
    expect(best).toMatchObject({ id: 'keep-init', needsInitCode: false });
    expect(best && written(best)).toMatchObject({ learningRate: 5e-5 });
  });

  it('with other degrees at the start say why no plan is exact', () => {
    for (const row of ['radam', 'lamb', 'lars']) expect(plan(under(row), 'symmetric').exactness).toBe('approximate');
  });

  it('that set their own rate have no plan for it', () => {
    const found = plan(under('adafactor-hf-relative'), 'symmetric');
    expect(ids(under('adafactor-hf-relative'))).toEqual(['symmetric']);
    expect([found.exactness, Object.keys(written(found))]).toEqual([
      'approximate',
      expect.not.arrayContaining(['learningRate']),
    ]);
  });
});
