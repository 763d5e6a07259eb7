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

it.each([
  ['torch.optim.adamw.AdamW', 'torch.optim.AdamW'],
  ['bitsandbytes.optim.adamw.AdamW8bit', 'bitsandbytes.optim.AdamW8bit'],
  ['schedulefree.adamw_schedulefree.AdamWScheduleFree', 'schedulefree.AdamWScheduleFree'],
  ['transformers.optimization.Adafactor', 'transformers.optimization.Adafactor'],
  ['__main__.AdamW', '__main__.AdamW'],
  ['AdamW', 'AdamW'],
  ['', ''],
])('the class %s is %s in our tables', (path, known) => expect(knownClass(path)).toBe(known));

describe('the recipe of a run', () => {
  it('has the numbers of the groups, of clipping and of the modules', () => {
    const { recipes, notUnderstood, findings } = readingOf();
    expect({ notUnderstood, findings }).toEqual({ notUnderstood: [], findings: [] });
    expect(recipes).toMatchObject([
      {
        ...{ rank: 8, alpha: 16, scaling: 2, scalingRule: 'standard', learningRate: 1e-3, maxGradNorm: 1 },
        optimizer: { name: 'torch.optim.AdamW', row: 'adamw', eps: 1e-8, weightDecay: 0.01, betas: [0.9, 0.999] },
        ...{ scheduler: 'constant', init: null, targetModules: ['q_proj', 'v_proj'], useDora: false },
      },
    ]);
  });

  it.each<[string, Partial<Recording>, object]>([
    ['another scaling', { modules: [module({ scaling: 0.5 })] }, { alpha: 4, scaling: 0.5 }],
    ['DoRA', { modules: [module({ dora: true })] }, { useDora: true }],
    ['a bias of B', { modules: [module({ bias: true })] }, { loraBias: true }],
    ['a B that is not zero', { modules: [module({ initB: { std: 1, max: 2 } })] }, { init: 'B not zero' }],
    ['an embedding', { modules: [module({ embedding: true, initB: { max: 1 } })] }, { init: null }],
    ['dropout', { modules: [module({ dropout: 0.1 })] }, { dropout: 0.1 }],
    ['no clipping', { clips: [] }, { maxGradNorm: 0 }],
    [
      'clipping of others alone',
      { clips: [{ kind: 'norm', threshold: 1, over: 'other', norms: [0.5] }] },
      { maxGradNorm: 0 },
    ],
    [
      'clipping at infinity',
      { clips: [{ kind: 'norm', threshold: Infinity, over: 'lora', norms: [0.5] }] },
      { maxGradNorm: 0 },
    ],
    [
      'clipping by value',
      { clips: [{ kind: 'value', threshold: 2, over: 'lora', norms: [0.5] }] },
      { maxGradValue: 2 },
    ],
    [
      'a head beside LoRA',
      { others: { count: 2, names: ['score.weight', 'score.bias'] } },
      { unscaled: ['score.weight and score.bias'] },
    ],
    [
      'LoRA+',
      optimizer(
        'torch.optim.adamw.AdamW',
        group({ roles: { A: 1 } }),
        group({ roles: { B: 1 }, numbers: { lr: 0.016 } }),
      ),
      { learningRate: 1e-3, loraplusLrRatio: 16, lrB: 0.016 },
    ],
    [
      'a schedule',
      optimizer('torch.optim.adamw.AdamW', group({ numbers: { lr: 0, initial_lr: 5e-3 }, lr: [0, 1e-3, 2e-3] })),
      { learningRate: 5e-3, scheduler: null },
    ],
    [
      "Adafactor's pair",
      optimizer(
        'transformers.optimization.Adafactor',
        group({ numbers: { eps: [1e-30, 1e-3], relative_step: false, scale_parameter: true } }),
      ),
      { optimizer: { row: 'adafactor-hf-scale', eps: 1e-30, constants: { epsRms: 1e-3 } } },
    ],
    ['a class of its own', optimizer('__main__.MyAdam'), { optimizer: { name: '__main__.MyAdam', row: null } }],
  ])('with %s', (_what, own, recipe) => expect(readingOf(own).recipes[0]).toMatchObject(recipe));

  it('is one for each scaling and rank, and each optimizer', () => {
    const modules = [module(), module({ name: 'x.k_proj', rank: 4, scaling: 1 }), module({ name: 'x.v_proj' })];
    const names = (own: Partial<Recording>): string[] => readingOf(own).recipes.map(({ name }) => name);
    expect(names({ modules })).toEqual([
      'default, rank 8, model.layers.0.q_proj and 1 more',
      'default, rank 4, x.k_proj and 0 more',
    ]);
    const two = [...recording().optimizers, { class: 'torch.optim.sgd.SGD', groups: [group()] }];
    expect(names({ optimizers: two })).toEqual(['torch.optim.adamw.AdamW', 'torch.optim.sgd.SGD']);
  });

  it.each<[string, Partial<Recording>, string]>([
    [
      'what the recorder has not seen',
      { notSeen: [{ what: 'flattened', why: 'FSDP 1 flattens.' }] },
      'FSDP 1 flattens.',
    ],
    [
      'groups with other numbers',
      optimizer('torch.optim.adamw.AdamW', group(), group({ numbers: { weight_decay: 0, lr: 2e-3 } })),
      'Parameter groups of LoRA have different numbers (lr, weight_decay); those of the first are shown.',
    ],
    [
      'several thresholds',
      { clips: [1, 2].map((threshold) => ({ kind: 'norm', threshold, over: 'lora', norms: [0.5] })) },
      'Gradients are clipped at several thresholds; the first is shown.',
    ],
    [
      'an unknown number of the optimizer',
      optimizer('torch.optim.adamw.AdamW', group({ numbers: { floor: 1e-4 } })),
      'floor is an unknown key, so its effect on the run is unknown.',
    ],
  ])('does not understand %s, and calls no plan exact', (_what, own, why) => {
    const reading = readingOf(own);
    expect(reading.notUnderstood.map((one) => one.why)).toContain(why);
    const { plans } = planConfig(JSON.stringify(recording(own)), reading, 0, 64);
    expect(plans.map(({ exactness }) => exactness)).not.toContain('exact');
  });

  it.each<[string, Partial<Recording>, string]>([
    [
      'no step',
      { steps: 0, ended: 'no-step', reason: 'No optimizer stepped.' },
      'No step of LoRA was seen. No optimizer stepped.',
    ],
    ['a refused plan', { refused: 'SGD was not planned.' }, 'The recorder refused the plan: SGD was not planned.'],
    ['no scaling', { modules: [module({ scaling: null })] }, 'The scaling of its modules was not found.'],
  ])('of a recording with %s is missing, with its reason', (_what, own, message) => {
    const { recipes, findings } = readingOf(own);
    expect(recipes).toEqual([]);
    expect(findings).toMatchObject([{ code: 'run-empty', severity: 'error', message }]);
  });
});

describe('the plans of a run', () => {
  it.each<[string, Partial<Recording>, string]>([
    ['AdamW', {}, 'exact'],
    ['a head beside LoRA', { others: { count: 1, names: ['score.weight'] } }, 'approximate'],
    ['a loss scale', { precision: { scaler: { initial: 65536 } } }, 'approximate'],
  ])('under %s are %s', (_what, own, claim) => {
    const { plans } = planConfig(JSON.stringify(recording(own)), readingOf(own), 0, 64);
    const [symmetric] = plans.filter(({ id }) => id === 'symmetric');
    expect(symmetric && claimWords(symmetric.claim)).toBe(claim);
  });
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
