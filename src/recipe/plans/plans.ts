import type { Caveat, Exactness } from '../caveats/caveats';
import type { Gauge } from '../gauge';
import type { ConstantId } from '../optimizers/row';
import { checkRecipe } from '../check';
import { optimizerRow } from '../optimizers/optimizers';
import { MEASURED_WAY, WAYS, type Way } from './ways';
import type { Recipe } from '../recipe';
import { WRITTEN_DIGITS } from '../rounding';
import { situationOf } from './situation';
import { destinationOf, hereOf, type Destination, type Target } from '../target';

/** Ways to run at another scaling: the three gauges, and the learning rate alone. */
export const PLAN_IDS = ['symmetric', 'keep-init', 'keep-b', 'lr-only'] as const;

export type PlanId = (typeof PLAN_IDS)[number];

/** A hyperparameter that a plan can move. */
export type Field =
  | 'alpha'
  | 'useRslora'
  | 'learningRate'
  | 'loraplusLrRatio'
  | 'weightDecay'
  | 'maxGradNorm'
  | 'maxGradValue'
  | 'init'
  | ConstantId;

/** What a trainer lets its user say, and so what a plan may ask for. */
export interface Knobs {
  /** Fields that the trainer's config, or the user's own script, has a key for. */
  settable: ReadonlySet<Field>;
  /** Those of them that stand in the script, so that their numbers are not known here. */
  inScript?: ReadonlySet<Field>;
  /** What else the trainer does where a LoRA+ ratio is given. */
  loraplus?: LoraplusTraits;
  /** What code can give one factor of its own, in the run's own optimizer; absent where it cannot be reached. */
  groups?: ReadonlySet<Field>;
  /** The trainer refuses an alpha with a fraction. */
  wholeAlpha?: boolean;
}

export interface LoraplusTraits {
  /** Weight decay is not handed on. */
  dropsDecay: boolean;
  /** Vectors (DoRA's magnitudes, biases) go into the group of B; else into that of A. */
  vectorsWithB: boolean;
}

/** One number that moves. `from`, `exact` and `written` are null where the config does not know the number. */
export interface Change {
  field: Field;
  /** The factor whose number alone moves, in code; absent where it is a number of the whole run. */
  of?: 'A' | 'B';
  /** A switch is 0 or 1. */
  from: number | null;
  /** The number the mathematics asks for. */
  exact: number | null;
  /** The number that will be written: `exact`, rounded. */
  written: number | null;
  /** Of the number; for a switch, what it does to the scaling. */
  factor: number;
  /** `÷ √k` and the like. */
  law: string;
}

/** One way to run at another scaling. */
export interface Plan {
  id: PlanId;
  title: string;
  summary: string;
  exactness: Exactness;
  gauge: Gauge;
  /** Power of k by which every trained factor's c moves, where they agree; null where A and B need two numbers. */
  shared: number | null;
  changes: readonly Change[];
  /** Code gives one factor numbers of its own, and nothing else that trains moves. */
  grouped: boolean;
  /** The factor in whose group DoRA's magnitudes train, so that they take its rate. */
  magnitudes: 'A' | 'B';
  /** Factors on the init of A, and of B where it is not zero. 1 = untouched. */
  init: { A: number; B: number };
  /** True where the init has to be rescaled in code, because no config key does it. */
  needsInitCode: boolean;
  /** True where the trainer, once it is given a LoRA+ ratio, trains without the recipe's weight decay. */
  dropsDecay: boolean;
  caveats: readonly Caveat[];
}

export interface Plans {
  /** Factor of the scaling. */
  k: number;
  /** Where the plans lead; the recipe's own place where there is a refusal. */
  target: Destination;
  plans: readonly Plan[];
  /** Why there is no plan, or null. */
  refusal: Caveat | null;
}

/** The row used where a config names no optimizer at all; a caveat says so. */
export const ASSUMED_ROW = 'adamw';

/**
 * The ways to run `recipe` at another scaling, in the order in which a user should try them.
 * @param recipe as its trainer takes it, whatever else its file says
 * @param target an alpha, or what else a user may ask for
 * @param digits significant digits of the numbers that will be written
 * @throws RecipeError when a number of the target or of the recipe is not usable
 */
export function plansFor(recipe: Recipe, target: number | Target, knobs: Knobs, digits = WRITTEN_DIGITS): Plans {
  checkRecipe(recipe);
  const limits = { wholeAlpha: knobs.wholeAlpha ?? false, canSwitchRslora: knobs.settable.has('useRslora') };
  const destination = destinationOf(recipe, target, limits, digits);
  if ('refusal' in destination) {
    return { k: 1, target: hereOf(recipe), plans: [], refusal: destination.refusal };
  }
  const { name, row: id } = recipe.optimizer;
  const row = optimizerRow(id ?? (name === null ? ASSUMED_ROW : null));
  const { k } = destination;
  if (!row) {
    const why = recipe.optimizer.unknown ?? `${name} is not an optimizer name that this version knows.`;
    const message = `${why} So no equivalent can be computed, and as its steps cannot be trained here, nothing can be measured either.`;
    return { k, target: destination, plans: [], refusal: { code: 'optimizer-unknown', message } };
  }
  const situation = situationOf(recipe, row, destination, knobs, digits);
  const ways = row.rule === 'none' ? [MEASURED_WAY] : WAYS;
  const plans = ways.filter((way: Way) => way.isOffered(situation)).map((way: Way) => way.plan(situation));
  // Numbers in the user's script may have to move as well.
  const isAllKnown = (knobs.inScript?.size ?? 0) === 0;
  const distinct = plans.filter((plan) => !(isAllKnown && isCovered(plan, plans)));
  return { k, target: destination, plans: distinct.toSorted(byPreference), refusal: null };
}

/** Where the rate is all there is to move, the plan in a gauge says the same and knows that it is exact. */
function isCovered({ id, changes }: Plan, plans: readonly Plan[]): boolean {
  const moves = (of: readonly Change[]): string => of.map(({ field, factor }) => `${field} ${factor}`).join();
  const others = plans.filter((plan) => plan.id !== 'lr-only' && !plan.needsInitCode);
  return id === 'lr-only' && others.some((plan) => moves(plan.changes) === moves(changes));
}

const EXACTNESS: readonly Exactness[] = ['exact', 'nearly', 'approximate'];

/** The learning rate alone last; else what is exact first, and what costs least to do first among equals. */
function byPreference(one: Plan, other: Plan): number {
  const ranks = ({ id, exactness, needsInitCode }: Plan): number[] => [
    Number(id === 'lr-only'),
    EXACTNESS.indexOf(exactness),
    Number(needsInitCode && id !== 'symmetric'),
    PLAN_IDS.indexOf(id),
  ];
  const [mine, others] = [ranks(one), ranks(other)];
  return mine.map((rank, i) => rank - (others[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
