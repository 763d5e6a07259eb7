import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compare, type CompareKnowing, type Comparison } from '../../../../src/recipe/compare/compare-recipes';
import { roundSignificant } from '../../../../src/recipe/notation';
import type { OptimizerSettings, Recipe } from '../../../../src/recipe/recipe';
import { recipeWith } from '../../../support/recipe';

/** AdamW at a scaling of 1, without what only matters at the edge. */
const plain = (fields: Partial<Recipe> = {}, optimizer: Partial<OptimizerSettings> = {}): Recipe =>
  recipeWith({
    maxGradNorm: 0,
    optimizer: { ...recipeWith().optimizer, weightDecay: 0, eps: 0, ...optimizer },
    ...fields,
  });
const sgd = (fields: Partial<Recipe> = {}): Recipe =>
  plain(fields, { name: 'sgd', row: 'sgd', eps: null, betas: null });
const ALPHA_64 = { alpha: 64, scaling: 4 };

/** Alpha 48 as the plan symmetric has it. */
const third = (power: number, value: number): number => roundSignificant(value * 3 ** power);
const rewritten = recipeWith({
  alpha: 48,
  scaling: 3,
  learningRate: third(-0.5, 2e-4),
  maxGradNorm: third(0.5, 1),
  optimizer: { ...recipeWith().optimizer, eps: third(0.5, 1e-8), weightDecay: third(0.5, 0.01) },
});
const UNTOUCHED = { A: 1, B: 1 };
const divided = (A: number): CompareKnowing => ({ init: [UNTOUCHED, { A, B: 1 }] });

const RATE = 2e-4 / Math.sqrt(7);
const mystery = { name: 'mystery', row: null };
const lion = { name: 'DAdaptLion', row: 'dadapt-lion', eps: null, constants: { d0: 1e-6 } };
const adam = { name: 'adam', row: 'adam' };
const adadelta = { name: 'Adadelta', row: 'adadelta', betas: null };
const guarded = plain({}, { eps: 1e-8 });
const dora = recipeWith({ useDora: true });
const head = recipeWith({ unscaled: ['lm_head'] });
const silent = recipeWith({
  learningRate: null,
  maxGradNorm: null,
  optimizer: { ...recipeWith().optimizer, name: null, row: null, eps: null, weightDecay: null },
});
const embeds = plain({ targetModules: ['q_proj', 'embed_tokens'] });
const biased = plain({ loraBias: true });
const valued = plain({ maxGradValue: 1 });
const of = (init: Recipe['init'], fields: Partial<Recipe> = {}): Recipe => plain({ init, ...fields });
const at = (targetModules: Recipe['targetModules']): Recipe => recipeWith({ targetModules });
const word = (scheduler: string): Recipe => recipeWith({ scheduler });
const prodigy = (fields: Partial<Recipe>, d0: number): Recipe =>
  plain({ learningRate: 1, ...fields }, { name: 'prodigy', row: 'prodigy', constants: { d0 } });

/** What each comparison says is in comparisons.txt; `vitest -u` writes it anew. */
const CASES: Readonly<Record<string, [first: Recipe, second: Recipe, options?: CompareKnowing]>> = {
  'by the names of two files': [plain(), plain(ALPHA_64), { names: { first: 'a.yml', second: 'b.yml' } }],
  'the same': [recipeWith(), recipeWith()],
  'alpha × 4 alone, under Adam': [plain(), plain(ALPHA_64)],
  'LoRA+ with ratio 4, and alpha × 4': [plain({ loraplusLrRatio: 4 }), plain(ALPHA_64)],
  'LoRA+ with ratio 16, and alpha × 4 under SGD': [sgd({ loraplusLrRatio: 16 }), sgd(ALPHA_64)],
  'LoRA+ with ratio 4, and alpha × 4 under SGD': [sgd({ loraplusLrRatio: 4 }), sgd(ALPHA_64)],
  'LoRA+ and alpha, with eps, decay and clipping': [recipeWith({ loraplusLrRatio: 4 }), recipeWith(ALPHA_64)],
  'clipping by value': [valued, plain({ ...ALPHA_64, loraplusLrRatio: 1 / 4, maxGradValue: 1 })],
  'clipping by value in the second alone': [plain(), valued],
  'clipping by value in the first alone': [valued, plain({ maxGradValue: 0 })],
  'clipping in one alone': [plain(), plain({ maxGradNorm: 1 })],
  'eps in one alone': [plain(), guarded],
  'alpha × 4 alone, with eps, decay and clipping': [recipeWith(), recipeWith(ALPHA_64)],
  'α/√r and α/r': [recipeWith(), recipeWith({ alpha: 4, scalingRule: 'rslora', scaling: 1 })],
  'a scaling that is set': [recipeWith(), recipeWith({ alpha: 1, scalingRule: 'direct', scaling: 1 })],
  'a rewritten recipe, its init divided by code': [recipeWith(), rewritten, divided(3 ** -0.5)],
  'a rewritten recipe': [recipeWith(), rewritten],
  'PiSSA makes up for the scaling': [of('pissa'), of('pissa', { ...ALPHA_64, learningRate: 1e-4 })],
  'OLoRA leaves other frozen weights': [of('olora'), of('olora', { ...ALPHA_64, learningRate: 1e-4 })],
  'MiCA trains A alone, at its rate': [of('mica'), of('mica', { ...ALPHA_64, learningRate: 5e-5 })],
  'MiCA trains A alone': [of('mica'), of('mica', ALPHA_64)],
  'six digits': [recipeWith({ learningRate: RATE }), recipeWith({ learningRate: roundSignificant(RATE) })],
  'three digits': [recipeWith({ learningRate: RATE }), recipeWith({ learningRate: roundSignificant(RATE, 3) })],
  'another rank': [recipeWith(), recipeWith({ rank: 32, alpha: 32 })],
  'another optimizer': [recipeWith(), sgd()],
  'Adam and AdamW without decay': [plain(), plain({}, adam)],
  'Adam and AdamW with decay': [plain({}, { weightDecay: 0.1 }), plain({}, { ...adam, weightDecay: 0.1 })],
  'no row': [plain({}, mystery), plain({}, mystery)],
  'no row, another rate': [plain({}, mystery), plain({ learningRate: 1e-3 }, mystery)],
  'no row, another alpha': [plain({}, mystery), plain(ALPHA_64, mystery)],
  'no row, and AdamW': [plain({}, mystery), plain()],
  'an eps that guards a division': [guarded, plain({}, { eps: 4e-8 })],
  'a large eps': [guarded, plain({}, { eps: 1e-4 })],
  'an eps of Adadelta': [plain({}, { ...adadelta, eps: 1e-8 }), plain({}, { ...adadelta, eps: 2e-8 })],
  'an eps and dropout': [guarded, plain({ dropout: 0.1 }, { eps: 4e-8 })],
  'an eps of B alone': [guarded, plain({ ...ALPHA_64, loraplusLrRatio: 0.25 }, { eps: 1e-8 })],
  'no rule': [plain({}, lion), plain({}, lion)],
  'no rule, a default': [plain({}, lion), plain({}, { ...lion, constants: {} })],
  'no rule, another constant': [plain({}, lion), plain({}, { ...lion, constants: { d0: 1e-5 } })],
  'no rule, another alpha': [plain({}, lion), plain({ ...ALPHA_64, learningRate: 1e-3 }, lion)],
  'no rule, and AdamW': [plain({}, lion), plain()],
  'another init': [plain(), of('gaussian')],
  'an init by another name': [plain(), of('uniform')],
  DoRA: [recipeWith(), dora],
  'DoRA at another alpha': [dora, { ...dora, ...ALPHA_64, learningRate: 1e-4 }],
  'a module that trains whole': [recipeWith(), head],
  'a module that trains whole, another alpha': [head, { ...head, ...ALPHA_64, learningRate: 1e-4 }],
  'states in 8 bits': [
    recipeWith(),
    recipeWith({ optimizer: { ...recipeWith().optimizer, name: 'adamw_8bit', quantized: true } }),
  ],
  'nothing stated': [silent, silent],
  'nothing stated, another alpha': [silent, { ...silent, ...ALPHA_64 }],
  'nothing stated in the first': [silent, recipeWith()],
  'a schedule by two words': [word('cosine'), word('get_cosine_schedule_with_warmup')],
  'another schedule': [word('cosine'), word('linear')],
  'a share and steps of warm-up': [recipeWith({ warmup: 0.03 }), recipeWith({ warmup: 100 })],
  'target modules as sets': [at(['q_proj', 'v_proj']), at('v_proj,q_proj')],
  'two words for all linear layers': [at('all'), at('all-linear')],
  'other target modules': [at(['q_proj']), at(['v_proj'])],
  'a pattern and a list': [at(['q_proj']), at('all-linear')],
  embeddings: [embeds, embeds],
  'embeddings at another scaling': [
    { ...embeds, loraplusLrRatio: 4 },
    { ...embeds, ...ALPHA_64 },
  ],
  'a bias of B': [biased, biased],
  'a bias of B at another scaling': [
    { ...biased, loraplusLrRatio: 4 },
    { ...biased, ...ALPHA_64 },
  ],
  'a bias of B in one alone': [biased, plain()],
  'Prodigy, its init divided by code': [prodigy({}, 1e-6), prodigy(ALPHA_64, 5e-7), divided(0.5)],
  'Prodigy, whose A and B share one estimate': [prodigy({}, 1e-6), prodigy(ALPHA_64, 1e-6)],
};

function textOf({ same, meaning, compared, ways }: Comparison): string {
  return [
    `${same}: ${meaning}`,
    ...compared.flatMap(({ key, name, first, second, ratio, same, why }) =>
      same === true ? [] : [`  ${key} (${name}): ${first}, ${second}, × ${ratio}, ${same}: ${why}`],
    ),
    `  alike: ${compared.flatMap(({ key, same }) => (same === true ? [key] : [])).join(', ')}`,
    ...ways.map(({ id, changes, init, left }) => {
      const words = changes.map(({ field, from, to, factor }) => `${field} ${from} → ${to} (× ${factor})`);
      const rest = left.length === 0 ? '' : `; leaves ${left.map(({ name }) => name).join(', ')}`;
      return `  ${id}: ${words.join(', ')}; A × ${init.A}, B × ${init.B}${rest}`;
    }),
  ].join('\n');
}

it('compares the recipes of every case', async () => {
  const texts = Object.entries(CASES).map(([title, [first, second, options]]) => {
    const comparison = compare(first, second, options);
    for (const { same, why, ratio } of comparison.compared) {
      if (same === true) expect([why, ratio === null || Math.abs(ratio - 1) < 2e-5]).toEqual(['', true]);
    }
    return `--- ${title}\n${textOf(comparison)}\n`;
  });
  await expect(texts.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'comparisons.txt'));
});
