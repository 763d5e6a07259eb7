import { describe, expect, it } from 'vitest';
import { MOST_SEEDS, overDraws, seedsFrom, variantName } from '../../../../src/experiment/variants/draws';
import { specFor } from '../../../../src/experiment/specs/spec-for';
import { sweepSpec } from '../../../../src/experiment/specs/sweep';
import { runVerdict } from '../../../../src/experiment/verdict/verdict';
import { curveLabel } from '../../../../src/experiment/words/curves';
import { verdictWords } from '../../../../src/experiment/words/verdict-words';
import { plansFor } from '../../../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../../../support/recipe';
import { run } from '../support/lab';

const recipe = recipeWith();
const plans = plansFor(recipe, 3 * recipe.alpha, everyKnob);
const specOf = (seeds: number, seed?: number) =>
  specFor(recipe, plans, 'symmetric', { backend: 'auto', seeds, ...(seed === undefined ? {} : { seed }) }).spec;

describe('seedsFrom', () => {
  it('counts up, within bounds', () => {
    expect(seedsFrom(7, 3)).toEqual([7, 8, 9]);
    expect(seedsFrom(0, 0)).toEqual([0]);
    expect(seedsFrom(1, 1000)).toHaveLength(MOST_SEEDS);
  });
});

describe('overDraws', () => {
  it('leaves a run of one seed as it is', () => {
    const { variants } = specOf(1);
    expect(variants.every(({ draw, seed }) => draw === 0 && seed === undefined)).toBe(true);
    expect(overDraws(variants, [1], {})).toEqual(variants);
  });

  it('repeats what decides the verdict on every further draw, under its name and seed', () => {
    const { variants, seeds } = specOf(3, 5);
    expect(seeds).toEqual([5, 6, 7]);
    const first = variants.filter(({ draw }) => draw === 0);
    expect(first).toEqual(specOf(1).variants);
    for (const draw of [1, 2]) {
      const own = variants.filter((variant) => variant.draw === draw);
      const families = ['base', 'rescaled', 'as-written', 'alpha-only', 'proof', 'control-1', 'control-2', 'control-3'];
      expect(own.map(variantName)).toEqual(families.map((family) => `${family}@${seeds[draw]}`));
      for (const variant of own) {
        const { seed, ...rest } = variant;
        expect(seed).toBe(seeds[draw]);
        expect({ ...rest, draw: 0 }).toEqual(first.find(({ name }) => variant.name === name));
      }
    }
    expect(new Set(variants.map(variantName)).size).toBe(variants.length);
  });

  it('tries every rate on every draw where no rule is known', () => {
    const unruled = recipeWith({ optimizer: { ...recipe.optimizer, name: 'dadapt-lion', row: 'dadapt-lion' } });
    const measured = plansFor(unruled, 3 * unruled.alpha, everyKnob);
    const { variants } = specFor(unruled, measured, 'lr-only', { backend: 'auto', seeds: 2 }).spec;
    const tried = ['alpha-only@2', 'rate-by-root@2', 'rate-by-k@2'];
    expect(variants.map(variantName)).toEqual(expect.arrayContaining(tried));
  });

  it('sweeps every alpha on every draw', () => {
    const { variants, seeds } = sweepSpec({ alphas: [1, 4], backend: 'auto', seeds: 2 }).spec;
    expect(seeds).toEqual([1, 2]);
    expect(variants.filter(({ draw, role }) => draw === 1 && role === 'rescaled').map(variantName)).toEqual([
      'alpha-1@2',
      'alpha-4@2',
    ]);
  });
});

describe('curveLabel', () => {
  it('names the seed of a further draw', () => {
    expect(curveLabel({ name: 'alpha-only', role: 'alpha-only', seed: 3 })).toBe('alpha alone (seed 3)');
    expect(curveLabel({ name: 'alpha-64', role: 'rescaled', alpha: 64, seed: 3 })).toBe('alpha 64 (seed 3)');
  });
});

describe('a check on several seeds', () => {
  it('has the bits of single runs, draw by draw', async () => {
    const spec = { ...specOf(3, 5), steps: 30 };
    const together = await run(spec);
    // The frozen model is that of the first seed, so only the first draw is a run of its own.
    const alone = await run({ ...specOf(1, 5), steps: 30 });
    expect(together.losses.slice(0, alone.losses.length)).toEqual(alone.losses);
    const bases = spec.variants.flatMap(({ role }, i) => (role === 'base' ? [together.losses[i]?.join()] : []));
    expect(new Set(bases).size).toBe(3);
  });

  it('is judged by the worst of them', async () => {
    const spec = specOf(3);
    const result = await run(spec);
    const verdict = runVerdict(spec, result);
    expect(verdict).toMatchObject({ kind: 'equivalent', draws: 3 });
    expect(verdictWords(spec, verdict).shown).toMatch(/On each of 3 draws, 200 steps/i);
    const off = result.losses.map((curve, i) =>
      spec.variants[i]?.role === 'rescaled' && spec.variants[i].seed === 2 ? curve.map((loss) => loss * 1.01) : curve,
    );
    const spoiled = runVerdict(spec, { ...result, losses: off });
    expect(spoiled).toMatchObject({ kind: 'undecided', reason: 'drifts', draw: 1 });
    expect(verdictWords(spec, spoiled).detail).toMatch(/^At seed 2, the worst of 3 draws, 200 steps/);
  });
});
