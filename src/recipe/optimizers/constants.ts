import * as l10n from '@vscode/l10n';

/** What a constant is measured in. `gradient` and `weights` also stand for their squares and norms. */
type Unit = 'gradient' | 'weights' | 'gradient / weights' | '1 / gradient' | 'learning rate';

interface Constant {
  /** Its name in a sentence. */
  noun: string;
  unit: Unit;
  /** One sentence: why it changes with the scaling. `by` is the factor on the gradient, `power` the row's power. */
  why: (by: string, power: number) => string;
}

/** What a constant is measured in, for people. */
export const UNIT_NAMES: Readonly<Record<Unit, string>> = {
  gradient: l10n.t('gradient'),
  weights: l10n.t('weights'),
  'gradient / weights': l10n.t('gradient / weights'),
  '1 / gradient': l10n.t('1 / gradient'),
  'learning rate': l10n.t('learning rate'),
};

const WHY: Readonly<Record<Unit, Constant['why']>> = {
  gradient: (by) => l10n.t`It is measured in units of the gradient, and the gradient grows by ${by}.`,
  weights: (by) => l10n.t`It is measured in units of the weights, and the weights shrink by ${by}.`,
  'gradient / weights': () => l10n.t('Its unit combines gradient and weights, and both change with the scaling.'),
  '1 / gradient': (by) =>
    l10n.t`It multiplies the curvature, a square of the gradient, and the gradient grows by ${by}.`,
  'learning rate': () => l10n.t('It is a learning rate too, and changes as the learning rate does.'),
};

const constant = (unit: Unit, noun: string, why = WHY[unit]): Constant => ({ noun, unit, why });

/** The constants of optimizers that carry a unit, and so change with the scaling. One record each. */
export const CONSTANTS = {
  /** Added to what the gradient is divided by. */
  eps: constant('gradient', l10n.t('eps'), (by, power) =>
    power === 2
      ? l10n.t`It is added to squares of the gradient, and the gradient grows by ${by}.`
      : l10n.t`It is added to the size of the gradient, and the gradient grows by ${by}.`,
  ),
  /** Adafactor's second eps: the floor of the weights' RMS. */
  epsRms: constant('weights', l10n.t("the floor of the weights' size (eps[1])")),
  /** The value that Adagrad's sum of squares starts from. */
  initialAccumulator: constant(
    'gradient',
    l10n.t('the initial accumulator'),
    (by) => l10n.t`It is a sum of squared gradients, and the gradient grows by ${by}.`,
  ),
  /** ASGD's decay. */
  lambd: constant('gradient / weights', 'lambd'),
  /** Rprop's bounds of a step. */
  stepMin: constant('weights', l10n.t('the smallest step')),
  stepMax: constant('weights', l10n.t('the largest step')),
  /** Sophia's factor on the Hessian. */
  gamma: constant('1 / gradient', 'gamma'),
  /** First estimate of the distance to the solution (Prodigy, D-Adaptation). */
  d0: constant('weights', 'd0'),
  /** LAMB's cap on the norm of the weights. */
  trustCap: constant('weights', l10n.t('the largest trust norm')),
  /** bitsandbytes' cap on a step of LAMB or LARS, before the learning rate, in norms of the weights. */
  maxUnorm: constant('weights', 'max_unorm', () =>
    l10n.t('It limits each step relative to the norm of the weights, and the weights shrink with the init.'),
  ),
  /** Max grad norm of each tensor (GrokAdamW, LOMO). */
  tensorClip: constant('gradient', l10n.t('the max grad norm of each tensor')),
  /** The largest learning rate of the run: AdamC's decay is relative to it, and Automagic stays below it. */
  maxRate: constant('learning rate', l10n.t('the largest learning rate')),
  /** Automagic's smallest learning rate, and the amount by which it changes the rate. */
  minRate: constant('learning rate', l10n.t('the smallest learning rate')),
  rateBump: constant('learning rate', l10n.t('the increment of the learning rate')),
};

export type ConstantId = keyof typeof CONSTANTS;

/** Every constant, in the order of the table. */
export const CONSTANT_IDS = Object.keys(CONSTANTS) as readonly ConstantId[];

/** Numbers, or factors on numbers, by constant. */
export type Constants = Readonly<Partial<Record<ConstantId, number>>>;
