import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../src/config/planned';
import { claimWords } from '../../../src/config/plan/claim';
import { compareConfigs } from '../../../src/config/compare/compare-configs';
import { configRecipe } from '../../../src/config/plan/as-trained';
import { knownClass, runReading } from '../../../src/run/recipe-of-run';
import { comparable } from '../../../src/run/read-against-ran';
import type { Recording } from '../../../src/run/recording';
import { group, module, recording } from '../../support/recording';

const readingOf = (own: Partial<Recording> = {}): ReturnType<typeof runReading> => {
  const run = recording(own);
  return runReading(JSON.stringify(run), run);
};
const optimizer = (path: string, ...groups: Recording['optimizers'][number]['groups']): Partial<Recording> => ({
  optimizers: [{ class: path, groups: groups.length > 0 ? groups : [group()] }],
});

const adamw = (...groups: Recording['optimizers'][number]['groups']): Partial<Recording> =>
  optimizer('torch.optim.adamw.AdamW', ...groups);

it.each([
  ['torch.optim.adamw.AdamW', 'torch.optim.AdamW'],
  ['bitsandbytes.optim.adamw.AdamW8bit', 'bitsandbytes.optim.AdamW8bit'],
  ['schedulefree.adamw_schedulefree.AdamWScheduleFree', 'schedulefree.AdamWScheduleFree'],
  ['transformers.optimization.Adafactor', 'transformers.optimization.Adafactor'],
  ['__main__.AdamW', '__main__.AdamW'],
  ['AdamW', 'AdamW'],
  ['', ''],
])('the class %s is %s in our tables', (path, known) => expect(knownClass(path)).toBe(known));

/** What is read of each recording is in recipe-of-run.txt; `vitest -u` writes it anew. */
const CASES: Readonly<Record<string, Partial<Recording>>> = {
  'the numbers of the groups, of clipping and of the modules': {},
  'another scaling': { modules: [module({ scaling: 0.5 })] },
  DoRA: { modules: [module({ dora: true })] },
  'a bias of B': { modules: [module({ bias: true })] },
  'a B that is not zero': { modules: [module({ initB: { std: 1, max: 2 } })] },
  'an embedding': { modules: [module({ embedding: true, initB: { max: 1 } })] },
  dropout: { modules: [module({ dropout: 0.1 })] },
  'no clipping': { clips: [] },
  'clipping of others alone': { clips: [{ kind: 'norm', threshold: 1, over: 'other', norms: [0.5] }] },
  'clipping at infinity': { clips: [{ kind: 'norm', threshold: Infinity, over: 'lora', norms: [0.5] }] },
  'clipping by value': { clips: [{ kind: 'value', threshold: 2, over: 'lora', norms: [0.5] }] },
  'a head beside LoRA': { others: { count: 2, names: ['score.weight', 'score.bias'] } },
  'LoRA+': adamw(group({ roles: { A: 1 } }), group({ roles: { B: 1 }, numbers: { lr: 0.016 } })),
  'a schedule': adamw(group({ numbers: { lr: 0, initial_lr: 5e-3 }, lr: [0, 1e-3, 2e-3] })),
  "Adafactor's pair": optimizer(
    'transformers.optimization.Adafactor',
    group({ numbers: { eps: [1e-30, 1e-3], relative_step: false, scale_parameter: true } }),
  ),
  'a class of its own': optimizer('__main__.MyAdam'),
  'several scalings and ranks': {
    modules: [module(), module({ name: 'x.k_proj', rank: 4, scaling: 1 }), module({ name: 'x.v_proj' })],
  },
  'two optimizers': {
    optimizers: [...recording().optimizers, { class: 'torch.optim.sgd.SGD', groups: [group()] }],
  },
  'a loss scale': { precision: { scaler: { initial: 65536 } } },
  // Not understood.
  'what the recorder has not seen': { notSeen: [{ what: 'flattened', why: 'FSDP 1 flattens.' }] },
  'groups with other numbers': adamw(group(), group({ numbers: { weight_decay: 0, lr: 2e-3 } })),
  'several thresholds': { clips: [1, 2].map((threshold) => ({ kind: 'norm', threshold, over: 'lora', norms: [0.5] })) },
  'an unknown number of the optimizer': adamw(group({ numbers: { floor: 1e-4 } })),
  // Without a recipe.
  'no step': { steps: 0, ended: 'no-step', reason: 'No optimizer stepped.' },
  'a refused plan': { refused: 'SGD was not planned.' },
  'no scaling': { modules: [module({ scaling: null })] },
};

it('reads the recipe of a run, and what its plans may be called', async () => {
  const texts = Object.entries(CASES).map(([title, own]) => {
    const { recipes, notUnderstood, findings } = readingOf(own);
    const { plans } = planConfig(JSON.stringify(recording(own)), readingOf(own), 0, 64);
    return [
      `--- ${title}`,
      ...recipes.map(({ stated: _, ...recipe }) => JSON.stringify(recipe, (__, value: unknown) => value ?? undefined)),
      ...notUnderstood.map(({ why }) => `not understood: ${why}`),
      ...findings.map(({ code, severity, message }) => `${severity} ${code}: ${message}`),
      ...plans.map(({ id, exactness, claim }) => `${id}: ${exactness}, ${claimWords(claim)}`),
      '',
    ].join('\n');
  });
  await expect(texts.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'recipe-of-run.txt'));
});

describe('two runs', () => {
  const same = (first: Partial<Recording>, second: Partial<Recording>): boolean | null => {
    const runs = [recording(first), recording(second)] as const;
    const [a, b] = runs.map((run) => configRecipe(JSON.stringify(run), runReading(JSON.stringify(run), run), 0));
    if (!a || !b) throw new Error('a run has a recipe');
    const { pair, init } = comparable([a.recipe, b.recipe], runs);
    return compareConfigs({ ...a, recipe: pair[0] }, { ...b, recipe: pair[1] }, init && { init }).comparison.same;
  };
  const rescaled = {
    ...optimizer(
      'torch.optim.adamw.AdamW',
      group({ numbers: { lr: 5e-4, eps: 2e-8, weight_decay: 0.02 }, lr: [5e-4, 5e-4, 5e-4] }),
    ),
    clips: recording().clips.map((clip) => ({ ...clip, threshold: 2 })),
  };
  const modules = (std: number): Recording['modules'] =>
    recording().modules.map((one) => ({ ...one, scaling: 8, initA: { std, max: 1 } }));

  it.each<[string, Partial<Recording>, boolean]>([
    ['itself', {}, true],
    ['the rescaled run', { ...rescaled, modules: modules(0.05) }, true],
    ['the rescaled run with the old init', { ...rescaled, modules: modules(0.1) }, false],
    ['alpha alone', { modules: modules(0.1) }, false],
    ['another schedule', optimizer('torch.optim.adamw.AdamW', group({ lr: [1e-3, 9e-4, 8e-4] })), false],
  ])('are the same: a run and %s: %s', (_what, second, expected) => expect(same({}, second)).toBe(expected));
});
