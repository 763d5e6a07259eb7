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

const WEIGHTS = (by: string): string =>
  l10n.t`It is measured in units of the weights, and the weights shrink by ${by}.`;
const GRADIENT = (by: string): string =>
  l10n.t`It is measured in units of the gradient, and the gradient grows by ${by}.`;
const BOTH = (): string => l10n.t('Its unit combines gradient and weights, and both change with the scaling.');
const RATE = (): string => l10n.t('It is a learning rate too, and changes as the learning rate does.');

/** What a constant is measured in, for people. */
export const UNIT_NAMES: Readonly<Record<Unit, string>> = {
  gradient: l10n.t('gradient'),
  weights: l10n.t('weights'),
  'gradient / weights': l10n.t('gradient / weights'),
  '1 / gradient': l10n.t('1 / gradient'),
  'learning rate': l10n.t('learning rate'),
};

/** The constants of optimizers that carry a unit, and so change with the scaling. One record each. */
export const CONSTANTS = {
  /** Added to what the gradient is divided by. */
  eps: {
    noun: l10n.t('eps'),
    unit: 'gradient',
    why: (by, power) =>
      power === 2
        ? l10n.t`It is added to squares of the gradient, and the gradient grows by ${by}.`
        : l10n.t`It is added to the size of the gradient, and the gradient grows by ${by}.`,
  },
  /** Adafactor's second eps: the floor of the weights' RMS. */
  epsRms: { noun: l10n.t("the floor of the weights' size (eps[1])"), unit: 'weights', why: WEIGHTS },
  /** The value that Adagrad's sum of squares starts from. */
  initialAccumulator: {
    noun: l10n.t('the initial accumulator'),
    unit: 'gradient',
    why: (by) => l10n.t`It is a sum of squared gradients, and the gradient grows by ${by}.`,
  },
  /** ASGD's decay. */
  lambd: { noun: 'lambd', unit: 'gradient / weights', why: BOTH },
  /** Rprop's bounds of a step. */
  stepMin: { noun: l10n.t('the smallest step'), unit: 'weights', why: WEIGHTS },
  stepMax: { noun: l10n.t('the largest step'), unit: 'weights', why: WEIGHTS },
  /** Sophia's factor on the Hessian. */
  gamma: {
    noun: 'gamma',
    unit: '1 / gradient',
    why: (by) => l10n.t`It multiplies the curvature, a square of the gradient, and the gradient grows by ${by}.`,
  },
  /** First estimate of the distance to the solution (Prodigy, D-Adaptation). */
  d0: { noun: 'd0', unit: 'weights', why: WEIGHTS },
  /** LAMB's cap on the norm of the weights. */
  trustCap: { noun: l10n.t('the largest trust norm'), unit: 'weights', why: WEIGHTS },
  /** bitsandbytes' cap on a step of LAMB or LARS, before the learning rate, in norms of the weights. */
  maxUnorm: {
    noun: 'max_unorm',
    unit: 'weights',
    why: () => l10n.t('It limits each step relative to the norm of the weights, and the weights shrink with the init.'),
  },
  /** Max grad norm of each tensor (GrokAdamW, LOMO). */
  tensorClip: { noun: l10n.t('the max grad norm of each tensor'), unit: 'gradient', why: GRADIENT },
  /** The largest learning rate of the run: AdamC's decay is relative to it, and Automagic stays below it. */
  maxRate: { noun: l10n.t('the largest learning rate'), unit: 'learning rate', why: RATE },
  /** Automagic's smallest learning rate, and the amount by which it changes the rate. */
  minRate: { noun: l10n.t('the smallest learning rate'), unit: 'learning rate', why: RATE },
  rateBump: { noun: l10n.t('the increment of the learning rate'), unit: 'learning rate', why: RATE },
} as const satisfies Readonly<Record<string, Constant>>;

export type ConstantId = keyof typeof CONSTANTS;

/** Every constant, in the order of the table. */
export const CONSTANT_IDS = Object.keys(CONSTANTS) as readonly ConstantId[];

/** Numbers, or factors on numbers, by constant. */
export type Constants = Readonly<Partial<Record<ConstantId, number>>>;
