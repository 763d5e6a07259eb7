import { describe, expect, it } from 'vitest';
import { TORCHTUNE_NAMES } from '../../../../../src/config/trainers/torchtune/optimizers';
import { codesOf, readingOf, recipeOf, torchtune } from '../../optimizers/support';

const USUAL = [0.9, 0.999];
const OFF = null;

/** Row, eps, weight decay, betas and rate that a class has where nobody says. */
const TORCH: Record<string, unknown[]> = {
  AdamW: ['adamw', 1e-8, 0.01, USUAL, 1e-3],
  Adam: ['adam', 1e-8, 0, USUAL, 1e-3],
  Adamax: ['adamax', 1e-8, 0, USUAL, 2e-3],
  NAdam: ['nadam', 1e-8, 0, USUAL, 2e-3],
  RAdam: ['radam', 1e-8, 0, USUAL, 1e-3],
  RMSprop: ['rmsprop', 1e-8, 0, OFF, 0.01],
  Adagrad: ['adagrad', 1e-10, 0, OFF, 0.01],
  Adadelta: ['adadelta', 1e-6, 0, OFF, 1],
  Rprop: ['rprop', OFF, OFF, OFF, 0.01],
  SGD: ['sgd', OFF, 0, OFF, 1e-3],
  ASGD: ['asgd', OFF, 0, OFF, 0.01],
  Adafactor: ['adafactor-torch', 2 ** -23, 0, OFF, 0.01],
  Muon: ['muon', 1e-7, 0.1, OFF, 1e-3],
  LBFGS: [OFF, OFF, OFF, OFF, OFF],
  SparseAdam: [OFF, OFF, OFF, OFF, OFF],
};

const BNB: Record<string, unknown[]> = {
  AdamW: ['adamw', 1e-8, 0.01, USUAL, 1e-3],
  PagedAdamW: ['adamw', 1e-8, 0.01, USUAL, 1e-3],
  // Not torch's Adam: the decay is decoupled.
  Adam: ['adamw', 1e-8, 0, USUAL, 1e-3],
  PagedAdam: ['adamw', 1e-8, 0, USUAL, 1e-3],
  Lion: ['lion', OFF, 0, [0.9, 0.99], 1e-4],
  PagedLion: ['lion', OFF, 0, [0.9, 0.99], 1e-4],
  AdEMAMix: ['ademamix', 1e-8, 0.01, USUAL, 1e-3],
  PagedAdEMAMix: ['ademamix', 1e-8, 0.01, USUAL, 1e-3],
  SGD: ['sgd', OFF, 0, OFF, 1e-3],
  Adagrad: ['adagrad', 1e-10, 0, OFF, 0.01],
  RMSprop: ['rmsprop', 1e-8, 0, OFF, 0.01],
};

/** What bitsandbytes cuts to a share of the weights; LARS takes nothing unless it is given a momentum. */
const BNB_CUT: Record<string, unknown[]> = {
  LAMB: ['bnb-lamb', 1e-8, 0, USUAL, 1e-3],
  LAMB32bit: ['bnb-lamb', 1e-8, 0, USUAL, 1e-3],
  LAMB8bit: [OFF, OFF, OFF, OFF, OFF],
  LARS: [OFF, OFF, OFF, OFF, OFF],
  LARS32bit: [OFF, OFF, OFF, OFF, OFF],
  LARS8bit: [OFF, OFF, OFF, OFF, OFF],
};

const AO: Record<string, unknown[]> = {
  AdamW8bit: ['adamw', 1e-8, 0.01, USUAL, 1e-3],
  AdamW4bit: ['adamw', 1e-8, 0.01, USUAL, 1e-3],
  AdamWFp8: ['adamw', 1e-8, 0.01, USUAL, 1e-3],
  _AdamW: ['adamw', 1e-8, 0.01, USUAL, 1e-3],
  Adam8bit: ['adam', 1e-8, 0, USUAL, 1e-3],
  Adam4bit: ['adam', 1e-8, 0, USUAL, 1e-3],
  AdamFp8: ['adam', 1e-8, 0, USUAL, 1e-3],
  CPUOffloadOptimizer: ['adamw', 1e-8, 0.01, USUAL, 1e-3],
};

const within = (module: string, table: Record<string, unknown[]>, suffixes = ['']): [string, unknown[]][] =>
  Object.entries(table).flatMap(([name, facts]) =>
    suffixes.map((suffix): [string, unknown[]] => [`${module}.${name}${suffix}`, facts]),
  );

const CLASSES = [
  ...within('torch.optim', TORCH),
  ...within('bitsandbytes.optim', BNB, ['', '8bit', '32bit']),
  ...within('bitsandbytes.optim', BNB_CUT),
  ...within('torchao.optim', AO),
  ...within('torchao.prototype.low_bit_optim', AO),
];

describe('classes of torchtune', () => {
  it('are all in one of these tables', () => {
    expect(Object.keys(TORCHTUNE_NAMES).sort()).toEqual(CLASSES.map(([name]) => name).sort());
  });

  it.each(CLASSES)('%s has its own defaults', (name, facts) => {
    const { optimizer, learningRate } = recipeOf(torchtune, name);
    const { row, eps, weightDecay, betas } = optimizer;
    expect([row, eps, weightDecay, betas, learningRate]).toEqual(facts);
    expect(optimizer.unknown === undefined).toBe(row !== null);
    const isNarrow = /8bit|4bit|Fp8/.test(name) && row !== null;
    expect(optimizer.quantized ?? false).toBe(isNarrow);
  });

  it('say why a class has no rule', () => {
    expect(recipeOf(torchtune, 'bitsandbytes.optim.LAMB8bit').optimizer.unknown).toMatch(/no kernel for it in 8 bits/);
    expect(recipeOf(torchtune, 'bitsandbytes.optim.LARS').optimizer.unknown).toMatch(/a momentum above 0/);
    expect(recipeOf(torchtune, 'torch.optim.LBFGS').optimizer.unknown).toMatch(/does not run here/);
    expect(recipeOf(torchtune, 'my.own.Optimizer').optimizer.unknown).toMatch(/^Unknown optimizer: /);
  });

  it('read arguments under the names of the class', () => {
    const options = (name: string, ...lines: string[]): unknown =>
      recipeOf(torchtune, name, ...lines).optimizer.options;
    expect(options('torch.optim.RMSprop', 'alpha: 0.9', 'centered: true')).toEqual({ smoothing: 0.9, centered: 1 });
    expect(options('torch.optim.AdamW', 'amsgrad: True')).toEqual({ amsgrad: 1 });
    expect(options('torch.optim.Adadelta', 'rho: 0.8')).toEqual({ rho: 0.8 });
    expect(options('torch.optim.SGD', 'dampening: 0.1')).toEqual({ dampening: 0.1 });
    expect(options('torch.optim.NAdam', 'momentum_decay: 0.01')).toEqual({ momentumDecay: 0.01 });
    expect(options('torch.optim.Rprop', 'etas: [0.4, 1.1]')).toEqual({ etaMinus: 0.4, etaPlus: 1.1 });
    expect(options('bitsandbytes.optim.AdEMAMix', 'alpha: 8', 'betas: [0.9, 0.999, 0.99]')).toEqual({
      alpha: 8,
      beta3: 0.99,
    });
  });

  it('read the constants with a unit', () => {
    const constants = (name: string, ...lines: string[]): unknown =>
      recipeOf(torchtune, name, ...lines).optimizer.constants;
    expect(constants('torch.optim.ASGD')).toEqual({ lambd: 1e-4 });
    expect(constants('torch.optim.Adagrad', 'initial_accumulator_value: 0.1')).toEqual({ initialAccumulator: 0.1 });
    expect(constants('torch.optim.Rprop', 'step_sizes: [1.0e-7, 1]')).toEqual({ stepMin: 1e-7, stepMax: 1 });
    const { optimizer } = recipeOf(torchtune, 'torch.optim.Adafactor', 'eps: [1.0e-6, 0.01]');
    expect(optimizer).toMatchObject({ eps: 1e-6, constants: { epsRms: 0.01 } });
  });

  it('follow arguments that choose another rule', () => {
    const row = (name: string, ...lines: string[]): unknown => recipeOf(torchtune, name, ...lines).optimizer.row;
    expect(row('torch.optim.Adam', 'decoupled_weight_decay: true')).toBe('adamw');
    expect(recipeOf(torchtune, 'torch.optim.Adam', 'decoupled_weight_decay: true').optimizer.weightDecay).toBe(0);
    expect(row('torch.optim.NAdam', 'decoupled_weight_decay: true')).toBe('nadam-decoupled');
    expect(row('torch.optim.RAdam', 'decoupled_weight_decay: true')).toBe('radam');
    expect(row('torch.optim.RAdam', 'decoupled_weight_decay: true', 'weight_decay: 0.1')).toBe('radam-decoupled');
    expect(recipeOf(torchtune, 'torch.optim.Muon', 'adjust_lr_fn: match_rms_adamw').optimizer.options).toEqual({
      lerp: 1,
      clampNorm: 1,
      matchRms: 1,
    });
  });

  it('warn where B can never leave zero', () => {
    const given = ['momentum: 0.8', 'max_unorm: 0.1', 'weight_decay: 0.2', 'lr: 0.4'];
    const { optimizer, learningRate } = recipeOf(torchtune, 'bitsandbytes.optim.LARS32bit', ...given);
    expect(optimizer).toMatchObject({ row: 'bnb-lars', momentum: 0.8, weightDecay: 0.2, constants: { maxUnorm: 0.1 } });
    expect(learningRate).toBe(0.4);
    for (const name of ['LAMB', 'LARS']) {
      expect(codesOf(torchtune, `bitsandbytes.optim.${name}`, ...given)).toEqual(['never-learns']);
    }
    expect(readingOf(torchtune, 'bitsandbytes.optim.LAMB').findings).toMatchObject([
      { severity: 'warning', message: expect.stringMatching(/B never moves, and nothing is learned/) as unknown },
    ]);
  });

  it('say that torch’s Adafactor takes its eps from the type', () => {
    expect(codesOf(torchtune, 'torch.optim.Adafactor')).toEqual(['eps-by-type']);
    expect(codesOf(torchtune, 'torch.optim.Adafactor', 'eps: [1.0e-7, 0.001]')).toEqual([]);
  });
});
