import type { ConstantId } from '../../src/recipe/optimizers/constants';

/** How the names of a golden file read in the product's terms. Data only; translate.ts interprets it. */

export interface GoldenOptimizer {
  /** Row of the optimizer table. */
  row: string;
  /** Constants that choose among rows: where one is true, its word is put behind the row's id. */
  switches?: Readonly<Record<string, string>>;
  /** Constants without a unit → options of the row, in the order of the values. */
  options?: Readonly<Record<string, readonly string[]>>;
  /** Options that the name itself stands for. */
  implied?: Readonly<Record<string, number>>;
  /** What our implementation always does; a file that says otherwise means another optimizer. */
  fixed?: Readonly<Record<string, unknown>>;
}

const FACTORED = { clip: ['clipThreshold'], d: ['clipThreshold'], beta1: ['beta1'] };

/** By the file's name; what follows the name after a `_`, as in `adamw_.05`, tells cases apart and says nothing. */
export const GOLDEN_OPTIMIZERS: Readonly<Record<string, GoldenOptimizer>> = {
  sgd: { row: 'sgd', options: { dampening: ['dampening'] } },
  sgdw: { row: 'sgdw', options: { dampening: ['dampening'] } },
  asgd: { row: 'asgd', options: { alpha: ['alpha'], t0: ['t0'] } },
  adadelta: { row: 'adadelta', options: { rho: ['rho'] } },
  adam: { row: 'adam', options: { amsgrad: ['amsgrad'] } },
  amsgrad: { row: 'adam', options: { amsgrad: ['amsgrad'] }, implied: { amsgrad: 1 } },
  adamw: { row: 'adamw', options: { amsgrad: ['amsgrad'] } },
  adamax: { row: 'adamax' },
  nadam: { row: 'nadam', options: { momentum_decay: ['momentumDecay'] } },
  radam: { row: 'radam' },
  rmsprop: { row: 'rmsprop', options: { alpha: ['smoothing'], centered: ['centered'] } },
  adagrad: { row: 'adagrad', options: { lr_decay: ['lrDecay'] } },
  rprop: { row: 'rprop', options: { etas: ['etaMinus', 'etaPlus'] } },
  adafactor_torch: { row: 'adafactor-torch', options: { beta2_decay: ['decayRate'], ...FACTORED } },
  adafactor_hf: {
    row: 'adafactor-hf',
    switches: { scale_parameter: '-scale', relative_step: '-relative' },
    options: { decay_rate: ['decayRate'], warmup_init: ['warmupInit'], ...FACTORED },
  },
  lion: { row: 'lion' },
  lamb: { row: 'lamb' },
  lars: { row: 'lars', options: { trust: ['trust'] } },
  muon: { row: 'muon', options: { ns_steps: ['nsSteps'] }, fixed: { scale: 'sqrt(max(1,rows/cols))' } },
  prodigy: { row: 'prodigy', options: { d_coef: ['dCoef'] } },
  sophia: { row: 'sophia', fixed: { h: 'EMA of g*g' } },
  shampoo: { row: 'shampoo', fixed: { exp: -0.25 } },
  soap: { row: 'soap' },
};

/** Where a number of `hp` goes; a list of numbers goes to several places. `relmult` is a factor on a rate of its own. */
export const HYPER: Readonly<Record<string, readonly ('lr' | 'weightDecay' | ConstantId)[]>> = {
  lr: ['lr'],
  relmult: ['lr'],
  weight_decay: ['weightDecay'],
  eps: ['eps', 'epsRms'],
  iav: ['initialAccumulator'],
  lambd: ['lambd'],
  step_sizes: ['stepMin', 'stepMax'],
  gamma: ['gamma'],
  d0: ['d0'],
  phi_max: ['trustCap'],
};

/** Constants every optimizer may have. */
export const SETTINGS: ReadonlySet<string> = new Set(['betas', 'momentum', 'nesterov']);

/** Constants that are remarks for a reader. */
export const REMARKS: ReadonlySet<string> = new Set(['wd', 'lr_step', 'step1', 'phi', 'see']);
