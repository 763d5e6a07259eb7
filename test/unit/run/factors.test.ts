import { describe, expect, it } from 'vitest';
import { rescale, type GaugeId } from '../../../src/recipe/gauge';
import { optimizerRow } from '../../../src/recipe/optimizers/optimizers';
import { alphaAlone, factorsFor, gaugeFor } from '../../../src/run/factors';
import { runReading } from '../../../src/run/recipe-of-run';
import type { Recording, RunPlan } from '../../../src/run/recording';
import { group, module, recording } from '../../support/recording';

type Numbers = Recording['optimizers'][number]['groups'][number]['numbers'];

function factors(
  path: string,
  numbers: Numbers = {},
  k = 4,
  gauge: GaugeId = 'symmetric',
  own: Partial<Recording> = {},
) {
  const run = recording({ optimizers: [{ class: path, groups: [group({ numbers })] }], ...own });
  return factorsFor(run, runReading(JSON.stringify(run), run), k, gauge);
}

const planOf = (...given: Parameters<typeof factors>): RunPlan => {
  const found = factors(...given);
  if ('refused' in found) throw new Error(found.refused);
  return found.plan;
};

/** The factors of A and B at k = 4 in the symmetric gauge, where they are the same. */
function sharedOf(path: string, numbers?: Numbers): unknown {
  const [own] = planOf(path, numbers).optimizers as Exclude<RunPlan['optimizers'], 'as-is'>;
  expect(own?.roles['A']).toEqual(own?.roles['B']);
  return own?.once ? { ...own.roles['A'], once: own.once } : own?.roles['A'];
}

describe('the factors of', () => {
  it.each<[string, Numbers, unknown]>([
    ['torch.optim.adamw.AdamW', {}, { lr: 0.5, weight_decay: 2, eps: 2 }],
    ['torch.optim.adam.Adam', {}, { lr: 0.5, weight_decay: 4, eps: 2 }],
    ['torch.optim.adam.Adam', { decoupled_weight_decay: true }, { lr: 0.5, weight_decay: 2, eps: 2 }],
    ['torch.optim.sgd.SGD', { momentum: 0.9 }, { lr: 0.25, weight_decay: 4 }],
    ['torch.optim.adadelta.Adadelta', { rho: 0.9 }, { lr: 0.25, weight_decay: 4, eps: 4 }],
    ['torch.optim.rprop.Rprop', { step_sizes: [1e-6, 50] }, { lr: 0.5, step_sizes: [0.5, 0.5] }],
    ['torch.optim.asgd.ASGD', { lambd: 1e-4 }, { lr: 0.25, weight_decay: 4, lambd: 4 }],
    ['torch.optim._muon.Muon', { eps: 1e-7 }, { lr: 0.5, weight_decay: 2, eps: 2 }],
    ['bitsandbytes.optim.lion.Lion8bit', {}, { lr: 0.5, weight_decay: 2 }],
    ['schedulefree.adamw_schedulefree.AdamWScheduleFree', {}, { lr: 0.5, weight_decay: 2, eps: 2 }],
    [
      'transformers.optimization.Adafactor',
      { eps: [1e-30, 1e-3], relative_step: false, scale_parameter: true },
      { weight_decay: 2, eps: [4, 0.5] },
    ],
    [
      'transformers.optimization.Adafactor',
      { eps: [1e-30, 1e-3], relative_step: false, scale_parameter: false },
      { lr: 0.5, weight_decay: 2, eps: [4, 1] },
    ],
    [
      'prodigyopt.prodigy.Prodigy',
      { d0: 1e-6, d: 1e-6, d_max: 1e-6, decouple: true },
      { weight_decay: 2, eps: 2, once: { d0: 0.5, d: 0.5, d_max: 0.5 } },
    ],
  ])('%s %j at k = 4', (path, numbers, expected) => expect(sharedOf(path, numbers)).toEqual(expected));

  it.each(['symmetric', 'keep-init', 'keep-b'] as const)('%s are those of the row, for any k', (gauge) => {
    const row = optimizerRow('adamw');
    for (const k of [3, 1 / 7, 64]) {
      const plan = planOf('torch.optim.adamw.AdamW', {}, k, gauge);
      const { a, b, gauge: split, maxGradNorm } = rescale(row ?? expect.fail(), k, gauge);
      expect([plan.A * plan.B, plan.A, plan.clip.norm ?? null]).toEqual([split.p * split.q, split.p, maxGradNorm]);
      const [{ roles } = expect.fail()] = plan.optimizers as Exclude<RunPlan['optimizers'], 'as-is'>;
      expect([roles['A']?.['lr'] ?? 1, roles['B']?.['lr'] ?? 1]).toEqual([a.lr, b.lr]);
    }
  });

  it('a bias of B take all of k; magnitudes and what trains beside LoRA have none', () => {
    const groups = [group({ roles: { A: 1, B: 1, bias: 1, magnitude: 1, other: 3 } })];
    const plan = planOf('', {}, 4, 'symmetric', { optimizers: [{ class: 'torch.optim.adamw.AdamW', groups }] });
    expect(plan.optimizers).toMatchObject([{ roles: { bias: { lr: 0.25, weight_decay: 4, eps: 4 } } }]);
    expect(Object.keys((plan.optimizers as { roles: object }[])[0]?.roles ?? {})).toEqual(['A', 'B', 'bias']);
  });

  it('a second optimizer are its own', () => {
    const optimizers = ['torch.optim.adamw.AdamW', 'torch.optim.sgd.SGD'].map((path) => ({
      class: path,
      groups: [group()],
    }));
    const plan = planOf('', {}, 4, 'symmetric', { optimizers });
    expect(plan.optimizers).toMatchObject([{ roles: { A: { lr: 0.5 } } }, { roles: { A: { lr: 0.25 } } }]);
  });
});

describe('nothing is tried', () => {
  it.each<[string, Numbers, string]>([
    ['__main__.MyAdam', {}, 'Unknown optimizer: __main__.MyAdam'],
    ['torch.optim.radam.RAdam', {}, 'RAdam: The first steps of RAdam'],
    ['dadaptation.dadapt_lion.DAdaptLion', { d: 1e-6 }, 'D-Adaptation (Lion)'],
    ['torch.optim.lbfgs.LBFGS', {}, 'it has to recompute the loss'],
    [
      'transformers.optimization.Adafactor',
      { relative_step: true, scale_parameter: false },
      'Adafactor (relative_step=True',
    ],
    ['torch.optim.adagrad.Adagrad', { initial_accumulator_value: 0.1 }, 'before a plan can change it'],
  ])('under %s %j, with a reason', (path, numbers, reason) => {
    expect(factors(path, numbers)).toMatchObject({ refused: expect.stringContaining(reason) });
  });

  it('in a gauge that the optimizer or a frozen factor rules out', () => {
    expect(factors('prodigyopt.prodigy.Prodigy', { d0: 1e-6 }, 4, 'keep-init')).toHaveProperty('refused');
    const frozen = recording({ modules: [module({ trains: { A: false, B: true } })] });
    expect([gaugeFor(frozen, undefined), gaugeFor(frozen, 'keep-init')]).toEqual(['keep-init', 'keep-init']);
    expect(gaugeFor(frozen, 'symmetric')).toHaveProperty('refused');
    expect(gaugeFor(recording(), undefined)).toBe('symmetric');
    // Only B counts in the norm.
    const clipOf = (own: Partial<Recording>): unknown =>
      planOf('torch.optim.adamw.AdamW', {}, 4, 'keep-init', own).clip.norm ?? null;
    expect([clipOf({ modules: frozen.modules }), clipOf({})]).toEqual([4, null]);
  });
});

it('alpha alone moves the scaling and nothing else', () => {
  expect(alphaAlone(4)).toMatchObject({ k: 4, A: 1, B: 1, clip: {}, optimizers: 'as-is' });
});
