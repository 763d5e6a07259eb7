import { caveatsOf, worstOf, type Caveat, type Exactness } from './caveats';
import { checkRecipe } from './check';
import { gaugeOf, rescale, type Gauge } from './gauge';
import { lawOf } from './notation';
import { constantOf, lrPower, type ConstantId, type OptimizerRow } from './optimizer-row';
import { optimizerRow } from './optimizers';
import { scalingOf, type Recipe } from './recipe';
import { roundSignificant, WRITTEN_DIGITS } from './rounding';

/** Ways to run at another scaling: the three gauges, and the learning rate alone. */
export const PLAN_IDS = ['symmetric', 'keep-init', 'keep-b', 'lr-only'] as const;

export type PlanId = (typeof PLAN_IDS)[number];

/** A hyperparameter that a plan can move. */
export type Field =
  'alpha' | 'useRslora' | 'learningRate' | 'loraplusLrRatio' | 'weightDecay' | 'maxGradNorm' | 'init' | ConstantId;

/** What a trainer lets its user say, and so what a plan may ask for. */
export interface Knobs {
  /** Fields the trainer's config has a key for. */
  settable: ReadonlySet<Field>;
}

/** One number that moves. `from`, `exact` and `written` are null where the config does not know the number. */
export interface Change {
  field: Field;
  from: number | null;
  /** The number the mathematics asks for. */
  exact: number | null;
  /** The number that will be written: `exact`, rounded. */
  written: number | null;
  factor: number;
  /** `÷ √k` and the like. */
  law: string;
}

/** One way to run at another alpha. */
export interface Plan {
  id: PlanId;
  title: string;
  summary: string;
  exactness: Exactness;
  gauge: Gauge;
  changes: readonly Change[];
  /** Factors on the init of A, and of B where it is not zero. 1 = untouched. */
  init: { A: number; B: number };
  /** True where the init has to be rescaled in code, because no config key does it. */
  needsInitCode: boolean;
  caveats: readonly Caveat[];
}

export interface Plans {
  /** Factor of the scaling. */
  k: number;
  plans: readonly Plan[];
  /** Why there is no plan, or null. */
  refusal: Caveat | null;
}

/** Inits that divide by the scaling themselves, so that the symmetric gauge needs no code. */
const AUTOMATIC_INITS: ReadonlySet<string> = new Set(['pissa', 'corda']);

/** The row used where a config names no optimizer at all; a caveat says so. */
export const ASSUMED_ROW = 'adamw';

/**
 * The ways to run `recipe` at `alpha`, best first.
 * @param digits significant digits of the numbers that will be written
 * @throws RecipeError when alpha, or a number of the recipe, is not usable
 */
export function plansFor(recipe: Recipe, alpha: number, knobs: Knobs, digits = WRITTEN_DIGITS): Plans {
  checkRecipe(recipe);
  const k = scalingOf(recipe.scalingRule, alpha, recipe.rank) / recipe.scaling;
  const { name } = recipe.optimizer;
  const row = optimizerRow(recipe.optimizer.row ?? (name === null ? ASSUMED_ROW : null));
  if (!row) {
    const why = recipe.optimizer.unknown ?? `${name} is not an optimizer name that this version knows.`;
    const message = `${why} So no equivalent can be computed: another alpha changes the run in a way that no formula here undoes, and only training both tells by how much.`;
    return { k, plans: [], refusal: { code: 'optimizer-unknown', message } };
  }
  const context = { recipe, row, alpha, k, knobs, digits };
  return { k, plans: [symmetric(context), lrOnly(context)], refusal: null };
}

interface Context {
  recipe: Recipe;
  row: OptimizerRow;
  alpha: number;
  k: number;
  knobs: Knobs;
  digits: number;
}

/** Exact: init of A (and B) divided by √k, one learning rate, every constant with a unit moved. */
function symmetric(context: Context): Plan {
  const { recipe, row, k, knobs } = context;
  const moved = rescale(row, k, 'symmetric');
  const { optimizer } = recipe;
  const automatic = recipe.init !== null && AUTOMATIC_INITS.has(recipe.init);
  const eps = constantOf(row, 'eps');
  const changes = [
    alphaChange(context),
    change(context, 'learningRate', recipe.learningRate, lrPower(row) / 2),
    ...(optimizer.weightDecay ? [change(context, 'weightDecay', optimizer.weightDecay, row.decayPower / 2)] : []),
    ...(recipe.maxGradNorm ? [change(context, 'maxGradNorm', recipe.maxGradNorm, 1 / 2)] : []),
    ...(eps && optimizer.eps !== null ? [change(context, 'eps', optimizer.eps, eps.power / 2)] : []),
    ...(automatic ? [] : [change(context, 'init', 1, -1 / 2)]),
  ];
  const caveats = caveatsOf('symmetric', recipe, k, knobs);
  return {
    id: 'symmetric',
    title: 'Rescale the init',
    summary: automatic
      ? `One learning rate. The ${recipe.init} init divides by the scaling itself: no code.`
      : 'One learning rate, and the init divided by √k in a few lines of code.',
    exactness: worstOf(row.exactness, caveats),
    gauge: moved.gauge,
    changes: changes.filter(({ field }) => field === 'init' || field === 'learningRate' || knobs.settable.has(field)),
    init: { A: moved.a.init, B: moved.b.init },
    needsInitCode: !automatic,
    caveats,
  };
}

/**
 * Approximate: nothing but alpha and the learning rate. Of the two invariants (pace of A, reach of B)
 * the rate keeps the reach of B, `lr_B·(s·σ_A)^(d+1−e)`, which decides what the run does early on.
 */
function lrOnly(context: Context): Plan {
  const { recipe, row, k, knobs } = context;
  return {
    id: 'lr-only',
    title: 'Learning rate only',
    summary: 'No code, but never the same run: B learns as before, A more slowly (or faster, below k = 1).',
    exactness: 'approximate',
    gauge: gaugeOf('keep-init', k),
    changes: [alphaChange(context), change(context, 'learningRate', recipe.learningRate, lrPower(row))],
    init: { A: 1, B: 1 },
    needsInitCode: false,
    caveats: caveatsOf('lr-only', recipe, k, knobs),
  };
}

function alphaChange({ recipe, alpha, k }: Context): Change {
  return { field: 'alpha', from: recipe.alpha, exact: alpha, written: alpha, factor: k, law: lawOf(1) };
}

function change({ k, digits }: Context, field: Field, from: number | null, power: number): Change {
  const factor = k ** power;
  const exact = from === null ? null : from * factor;
  const written = exact === null ? null : roundSignificant(exact, digits);
  return { field, from, exact, written, factor, law: lawOf(power) };
}
