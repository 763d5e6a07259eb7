import { describe, expect, it } from 'vitest';
import { specFor } from '../../../../src/experiment/specs/spec-for';
import { distanceOfB } from '../../../../src/experiment/toy/data-for';
import { runVerdict, type Verdict } from '../../../../src/experiment/verdict/verdict';
import { plansFor } from '../../../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../../../support/recipe';
import { run } from '../support/lab';
import { rowOf } from '../support/every-run';

/** Rates that people use, by row; rows whose steps are counted in learning rates are tried in spec-for.test.ts. */
const USUAL: readonly (readonly [string, number])[] = [
  ['adafactor-hf-scale', 1e-3],
  ['adafactor-hf-scale', 1e-2],
  ['adafactor-hf-relative', 1],
  ['adafactor-hf-scale-relative', 1],
  ['adafactor-torch', 1e-2],
  ['lamb', 1e-2],
  ['lars', 1e-2],
  ['prodigy', 1],
  ['dadapt-adam', 1],
  ['dadapt-sgd', 1],
  ['dadapt-adan', 1],
  ['dadapt-adagrad', 1],
  ['automagic', 1e-6],
];

/** The run of a plan at another alpha (from 16, so that 64 is k = 4): the base's losses, and the verdict. */
async function measured(id: string, learningRate: number, alpha: number): Promise<[number[], Verdict]> {
  const recipe = recipeWith({
    learningRate,
    optimizer: { ...recipeWith().optimizer, name: id, row: id, eps: null, betas: null, weightDecay: null },
  });
  const { spec } = specFor(recipe, plansFor(recipe, alpha, everyKnob), 'symmetric', { backend: 'wasm' });
  const result = await run(spec);
  return [result.losses[0] ?? [], runVerdict(spec, result)];
}

describe.each(USUAL)('%s at %d', (id, rate) => {
  it('gets somewhere within the toy’s run, and the rule follows it', async () => {
    const [losses, verdict] = await measured(id, rate, 64);
    const [first = 0] = losses;
    expect(losses.at(-1)).toBeLessThan(0.9 * first);
    expect(Math.max(...losses)).toBeLessThan(100 * first);
    if (rowOf(id).exactness === 'exact') expect(verdict.kind).toBe('identical');
  });
});

describe('a row that is exact in a gauge', () => {
  it.each(['adafactor-hf-scale', 'prodigy', 'lion'])('%s has a proof at a k that is no power of four', async (id) => {
    const [, verdict] = await measured(id, rowOf(id).defaults.learningRate, 48);
    expect(verdict.kind).toBe('equivalent');
    expect(verdict.proof).toMatchObject({ k: 4, identical: true });
  });
});

describe('what cannot be written', () => {
  it.each(['adafactor-hf-relative', 'lamb', 'lars'])('%s is told apart from its plan', async (id) => {
    const [, verdict] = await measured(id, 1e-2, 64);
    expect(verdict.kind).toBe('different');
  });
});

describe('distanceOfB', () => {
  it('does not jump where a share of the weights begins to grow with them', () => {
    const row = rowOf('adafactor-hf-scale');
    const at = (lr: number): number =>
      distanceOfB(row, { lr, weightDecay: 0, constants: { eps: 1e-30, epsRms: 1e-3 } }, 100);
    expect(at(0.01)).toBeCloseTo(1e-3, 12);
    expect(at(0.010001) / at(0.009999)).toBeCloseTo(1, 3);
    expect(at(1e6)).toBeLessThan(1e9);
  });

  it('is nothing at a rate of 0', () => {
    for (const id of ['lion', 'adafactor-hf-scale', 'lamb', 'prodigy']) {
      expect(distanceOfB(rowOf(id), { lr: 0, weightDecay: 0, constants: {} }, 100)).toBe(0);
    }
  });
});
