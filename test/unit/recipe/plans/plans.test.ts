import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InitMethod } from '../../../../src/recipe/init/init-rows';
import type { Field, Plan, TrainerSupport } from '../../../../src/recipe/plans/plan';
import { plansFor } from '../../../../src/recipe/plans/plans';
import { RecipeError, type OptimizerSettings, type Recipe } from '../../../../src/recipe/recipe';
import { everyKnob, recipeWith } from '../../../support/recipe';

/** All plans of each case are in plans.txt; `vitest -u` writes it anew. */
interface Case {
  recipe: Recipe;
  alpha?: number;
  support?: TrainerSupport;
}

const knobs = (...more: Field[]): TrainerSupport => ({ settable: new Set([...everyKnob.settable, ...more]) });
const without = (...fields: Field[]): TrainerSupport => ({
  settable: new Set([...everyKnob.settable].filter((field) => !fields.includes(field))),
});
const LORAPLUS = knobs('loraplusLrRatio');
const DROPS_DECAY = { ...LORAPLUS, loraplus: { dropsDecay: true, vectorsWithB: true } };
const GROUPS: TrainerSupport = { ...everyKnob, groups: new Set<Field>(['learningRate', 'weightDecay', 'eps']) };
const VECTORS_WITH_B = { ...LORAPLUS, loraplus: { dropsDecay: false, vectorsWithB: true } };

const under = (row: string, fields: Partial<Recipe> = {}, optimizer: Partial<OptimizerSettings> = {}): Recipe =>
  recipeWith({ optimizer: { ...recipeWith().optimizer, name: row, row, ...optimizer }, ...fields });
/** Without decay and clipping. */
const bare = (fields: Partial<Recipe> = {}, row = 'adamw'): Recipe =>
  under(row, { maxGradNorm: 0, ...fields }, { weightDecay: 0 });
const adamw = recipeWith({ learningRate: 3e-4 });
const clippedByValue = recipeWith({ maxGradNorm: 0, maxGradValue: 0.5 });
const BY_VALUE = knobs('maxGradValue', 'loraplusLrRatio');
const noRule = (init: InitMethod): Recipe =>
  under('dadapt-lion', { learningRate: 1, init }, { name: 'DAdaptLion', eps: null, constants: { d0: 1e-6 } });
const lamb = (init: InitMethod): Recipe => under('bnb-lamb', { init }, { constants: { maxUnorm: 1 } });
const distance = (row: string, useDora: boolean): Case => ({
  recipe: bare({ useDora }, row),
  support: knobs('d0'),
});
const magnitudesUnder = (useDora: boolean, weightDecay: number): Recipe =>
  under('adafactor-hf-scale', { useDora, maxGradNorm: 0 }, { weightDecay });

const CASES: Readonly<Record<string, Recipe | Case>> = {
  'everything that carries a unit changes': adamw,
  'six digits are written': { recipe: adamw, alpha: 48 },
  'SGD: lr/k': under('sgd', {}, { eps: null, weightDecay: 0 }),
  'no key for weight decay': { recipe: adamw, support: without('weightDecay') },
  'no key for max grad norm': { recipe: adamw, support: without('maxGradNorm') },
  'no key for eps': { recipe: adamw, support: without('eps') },
  'no key for a large eps': { recipe: under('adamw', {}, { eps: 1e-6 }), support: without('eps') },
  'what has no key is off': { recipe: bare(), support: without('weightDecay', 'maxGradNorm') },
  'clipping by value': { recipe: clippedByValue, support: BY_VALUE },
  'clipping by value, no key': clippedByValue,
  'clipping by value with DoRA': { recipe: { ...clippedByValue, useDora: true }, support: BY_VALUE },
  'clipping at a quarter of the alpha': { recipe: recipeWith(), alpha: 4 },
  DoRA: recipeWith({ useDora: true }),
  'no rule': noRule('kaiming-uniform'),
  'no rule, PiSSA': noRule('pissa'),
  'no rule, MiCA': noRule('mica'),
  'B never moves': lamb('kaiming-uniform'),
  'B never moves, but PiSSA fills it': lamb('pissa'),
  'no optimizer': under('adamw', { learningRate: null }, { name: null, row: null }),
  'steps in bfloat16, a power of two': bare({}, 'muon'),
  'steps in bfloat16, another k': { recipe: bare({}, 'muon'), alpha: 48 },
  'a decay that stays': under('adafactor-torch', { maxGradNorm: 0 }),
  // Trainers with LoRA+.
  'LoRA+, Adam': { recipe: bare(), support: LORAPLUS },
  'LoRA+, SGD': { recipe: bare({}, 'sgd'), support: LORAPLUS },
  'LoRA+ with a ratio': { recipe: bare({ loraplusLrRatio: 16 }), support: LORAPLUS },
  'no key for a ratio': bare(),
  'A and B share a state': { recipe: bare({}, 'prodigy'), support: LORAPLUS },
  'steps measured by the weights': bare({}, 'adafactor-hf-scale'),
  'LoRA+, clipping': { recipe: bare({ maxGradNorm: 1 }), support: LORAPLUS },
  'LoRA+, decay': { recipe: recipeWith({ maxGradNorm: 0 }), support: LORAPLUS },
  'LoRA+, another constant': { recipe: bare({}, 'adadelta'), support: LORAPLUS },
  'LoRA+ drops the decay': { recipe: recipeWith({ maxGradNorm: 0 }), support: DROPS_DECAY },
  'LoRA+, DoRA': { recipe: bare({ useDora: true }, 'sgd'), support: LORAPLUS },
  'LoRA+, DoRA in the group of B': { recipe: bare({ useDora: true }, 'sgd'), support: VECTORS_WITH_B },
  'numbers of one factor, by code': { recipe: adamw, alpha: 48, support: GROUPS },
  'eps of one factor cannot be set': { recipe: bare(), support: { ...GROUPS, groups: new Set(['learningRate']) } },
  // Inits.
  'PiSSA divides by the scaling': { recipe: bare({ init: 'pissa' }), support: LORAPLUS },
  'PiSSA under SGD': { recipe: under('sgd', { init: 'pissa', maxGradNorm: 0 }, { eps: null, weightDecay: 0 }) },
  'MiCA freezes B': recipeWith({ init: 'mica' }),
  'orthogonal fills B': { recipe: bare({ init: 'orthogonal' }), support: LORAPLUS },
  ...Object.fromEntries((['olora', 'lora-ga', 'loftq'] as const).map((init) => [init, recipeWith({ init })])),
  ...Object.fromEntries(
    (['loftq', 'random-b', 'kaiming-uniform'] as const).flatMap((init) => [
      [`DoRA, ${init}`, recipeWith({ init, useDora: true })],
    ]),
  ),
  'random B': recipeWith({ init: 'random-b' }),
  // Optimizers.
  'LoRA-FA freezes A': bare({}, 'lora-fa'),
  ...Object.fromEntries(['radam', 'lamb', 'lars'].map((row) => [`other first steps: ${row}`, bare({}, row)])),
  'a learning rate of its own': { recipe: bare({}, 'adafactor-hf-relative'), support: LORAPLUS },
  ...Object.fromEntries(
    ['prodigy', 'dadapt-adam', 'dadapt-sgd'].flatMap((row) => [
      [row, distance(row, false)],
      [`DoRA under ${row}`, distance(row, true)],
    ]),
  ),
  'DoRA shares the decay of Adafactor': magnitudesUnder(true, 0.1),
  'DoRA, Adafactor without decay': magnitudesUnder(true, 0),
  'Adafactor with decay, no DoRA': magnitudesUnder(false, 0.1),
};

function textOf({
  id,
  title,
  summary,
  exactness,
  shared,
  changes,
  init,
  needsInitCode,
  dropsDecay,
  caveats,
}: Plan): string {
  const marks = [...(needsInitCode ? ['code'] : []), ...(dropsDecay ? ['drops the decay'] : [])];
  return [
    `${id}: ${exactness} (${title})`,
    `  ${summary}`,
    `  A × ${init.A}, B × ${init.B}, shared ${shared}${marks.map((mark) => `, ${mark}`).join('')}`,
    ...changes.map(
      ({ field, from, written, exact, factor, law }) =>
        `  ${field} ${from} → ${written}${exact === written ? '' : ` (${exact})`} × ${factor} (${law})`,
    ),
    ...caveats.map(({ code, limits = 'known', message }) => `  ${limits}: ${code}: ${message}`),
  ].join('\n');
}

describe('plansFor', () => {
  it('gives the plans of every case', async () => {
    const texts = Object.entries(CASES).map(([title, asked]) => {
      const { recipe, alpha = 64, support = everyKnob } = 'recipe' in asked ? asked : { recipe: asked };
      const { k, plans, refusal } = plansFor(recipe, alpha, support);
      expect(refusal).toBeNull();
      return [`--- ${title}, k = ${k}`, ...plans.map(textOf), ''].join('\n');
    });
    await expect(texts.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'plans.txt'));
  });

  it('refuses an optimizer without a row, by its name', () => {
    const unknown = under('mystery', {}, { row: null });
    expect(plansFor(unknown, 64, everyKnob)).toMatchObject({ plans: [], refusal: { code: 'optimizer-unknown' } });
    expect(plansFor(unknown, 64, everyKnob).refusal?.message).toMatch(/mystery.*nothing can be measured either/);
  });

  it('uses √r under rsLoRA and the number itself under the direct rule', () => {
    expect(plansFor({ ...adamw, scalingRule: 'rslora', scaling: 4 }, 64, everyKnob).k).toBe(4);
    expect(plansFor({ ...adamw, scalingRule: 'direct', alpha: 20, scaling: 20 }, 5, everyKnob).k).toBe(0.25);
  });

  it('tells the factor of the rule from that of alpha where both change', () => {
    // Rank 16: rsLoRA alone is √16, alpha 16 → 32 another 2.
    const support = knobs('useRslora');
    const { k, plans } = plansFor(adamw, { alpha: 32, rslora: true }, support);
    const factorOf = (field: Field): number | undefined =>
      plans[0]?.changes.find((each) => each.field === field)?.factor;
    expect([k, factorOf('useRslora'), factorOf('alpha')]).toEqual([8, 4, 2]);
  });

  it.each([0, -2, Number.NaN, 1e308])('refuses the target alpha %s', (alpha) => {
    expect(() => plansFor(adamw, alpha, everyKnob)).toThrow(RecipeError);
  });

  it('comes back to where it started when it goes there and back', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1000, noNaN: true }), (alpha) => {
        const exactAt = (recipe: Recipe, to: number): ((field: Field) => number) => {
          const [plan] = plansFor(recipe, to, everyKnob).plans;
          return (field) => plan?.changes.find((change) => change.field === field)?.exact ?? Number.NaN;
        };
        const there = exactAt(adamw, alpha);
        const moved: Recipe = {
          ...adamw,
          alpha,
          scaling: alpha / 16,
          learningRate: there('learningRate'),
          maxGradNorm: there('maxGradNorm'),
          optimizer: { ...adamw.optimizer, eps: there('eps'), weightDecay: there('weightDecay') },
        };
        const back = exactAt(moved, adamw.alpha);
        expect(back('learningRate') / 3e-4).toBeCloseTo(1, 9);
        expect(back('weightDecay') / 0.01).toBeCloseTo(1, 9);
        expect(back('eps') / 1e-8).toBeCloseTo(1, 9);
        expect(back('maxGradNorm')).toBeCloseTo(1, 9);
      }),
    );
  });
});
