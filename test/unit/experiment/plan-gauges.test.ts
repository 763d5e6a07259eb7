import { describe, expect, it } from 'vitest';
import { specFor } from '../../../src/experiment/specs/spec-for';
import { runVerdict, type Verdict } from '../../../src/experiment/verdict/verdict';
import { optimizerRow } from '../../../src/recipe/optimizers/optimizers';
import { plansFor } from '../../../src/recipe/plans/plans';
import type { Field, TrainerSupport, PlanId } from '../../../src/recipe/plans/plan';
import type { Recipe } from '../../../src/recipe/recipe';
import { everyKnob, recipeWith } from '../../support/recipe';
import { run } from './support/lab';

const support: TrainerSupport = { settable: new Set<Field>([...everyKnob.settable, 'loraplusLrRatio']) };

function under(row: 'sgd' | 'adamw' | 'lora-fa', fields: Partial<Recipe> = {}): Recipe {
  const { optimizer } = recipeWith();
  const rate = optimizerRow(row)?.defaults.learningRate ?? null;
  const eps = row === 'sgd' ? null : 1e-8;
  return recipeWith({
    maxGradNorm: 0,
    learningRate: rate,
    optimizer: { ...optimizer, name: row, row, eps, weightDecay: 0 },
    ...fields,
  });
}

async function measured(recipe: Recipe, id: PlanId, alpha: number): Promise<Verdict & { exactness: string }> {
  const plans = plansFor(recipe, alpha, support);
  const exactness = plans.plans.find((plan) => plan.id === id)?.exactness ?? 'not offered';
  const { spec } = specFor(recipe, plans, id, { backend: 'wasm', steps: 40 });
  return { ...runVerdict(spec, await run(spec)), exactness };
}

const closeButForEps = {
  kind: 'undecided',
  reason: 'departs',
  ruleProof: { identical: true },
  departures: [{ what: 'eps', owner: 'B', by: 1 }],
} as const;

describe('a plan in its own gauge', () => {
  it.each([
    ['sgd', 'keep-init', 32, 'exact', 'identical', { k: 2, identical: true }],
    ['sgd', 'keep-b', 48, 'exact', 'equivalent', { k: 4, identical: true }],
    // A and B share one eps, so it stays for both: the rule's twin has the base's bits, the plan's has not.
    ['adamw', 'keep-init', 64, 'nearly', 'undecided', { k: 4, identical: false }],
    ['adamw', 'keep-b', 32, 'nearly', 'undecided', { k: 2, identical: false }],
    ['lora-fa', 'keep-init', 48, 'approximate', 'equivalent', { k: 4, identical: true }],
  ] as const)('under %s, %s to alpha %d is %s and trains as %s', async (row, id, alpha, exactness, kind, proof) => {
    expect(await measured(under(row), id, alpha)).toMatchObject({ exactness, kind, proof });
  });

  it('keeps a LoRA+ ratio that is there', async () => {
    const recipe = under('adamw', { loraplusLrRatio: 16 });
    expect(await measured(recipe, 'symmetric', 64)).toMatchObject({ exactness: 'exact', kind: 'identical' });
    expect(await measured(recipe, 'keep-init', 64)).toMatchObject(closeButForEps);
  });

  it('moves the one rate of MiCA by k, whatever clips', async () => {
    const recipe = under('adamw', { init: 'mica', maxGradNorm: 1 });
    expect(await measured(recipe, 'keep-b', 64)).toMatchObject({ exactness: 'exact', kind: 'identical' });
  });

  it('leaves the magnitudes of DoRA alone where A keeps its rate, and only there', async () => {
    const recipe = under('adamw', { useDora: true });
    expect(await measured(recipe, 'keep-init', 64)).toMatchObject({ exactness: 'nearly', ...closeButForEps });
    const symmetric = await measured(recipe, 'symmetric', 64);
    expect(symmetric).toMatchObject({ exactness: 'approximate', kind: 'different', ruleProof: { identical: true } });
    const rate = { what: 'lr', owner: 'm', by: 1 / 2, right: 1 };
    expect(symmetric.departures).toContainEqual(rate);
  });

  it('is another run where one threshold clips two gradients that grow differently', async () => {
    const clipped = await measured(under('adamw', { maxGradNorm: 1 }), 'keep-init', 64);
    expect(clipped).toMatchObject({ exactness: 'approximate', kind: 'different', ruleProof: null });
    expect(clipped.departures.map(({ what, right }) => [what, right])).toContainEqual(['maxGradNorm', null]);
  });
});
