import { optimizerRow } from '../../recipe/optimizers/optimizers';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { checkAlpha, scalingOf, type Recipe } from '../../recipe/recipe';
import { overDraws, seedsFrom, controlsOf } from '../variants/draws';
import { numbersOf } from '../variants/numbers';
import type { ExperimentSpec, VariantSpec } from '../spec';
import { preparedFor, rowOf, type PreparedSpec, type SpecOptions } from './spec-for';
import { baseOf, withMagnitudes } from '../variants/variants';
import { evenScaling } from '../variants/proof';
import { ruleVariant } from '../variants/rule';

interface AlphaSweep extends SpecOptions {
  alphas: readonly number[];
  /** Default: the appendix of the blog post. */
  recipe?: Recipe | null;
}

/** The appendix: one layer, width 4, 16 rows, rank 2, L1, random targets, SGD 0.1, 5 steps, from alpha 1. */
const APPENDIX = { width: 4, batch: 16, rank: 2, alpha: 1, learningRate: 0.1, steps: 5 } as const;

/**
 * A spec with one rescaled variant for each alpha, the baseline and its controls.
 * @throws RecipeError for an alpha that is not usable; Error where the recipe's optimizer is unknown
 */
export function sweepSpec({ alphas, recipe, ...options }: AlphaSweep): PreparedSpec {
  alphas.forEach(checkAlpha);
  return recipe ? sweepOf(recipe, alphas, options) : appendix(alphas, options);
}

function sweepOf(recipe: Recipe, alphas: readonly number[], options: SpecOptions): PreparedSpec {
  const row = rowOf(recipe);
  const base = baseOf(recipe.scaling, numbersOf(recipe, row));
  const swept = alphas.map((alpha) => {
    const k = scalingOf(recipe.scalingRule, alpha, recipe.rank, recipe.multiplier) / recipe.scaling;
    return sweptTo(alpha, ruleVariant(base, row, k));
  });
  return preparedFor(recipe, row, options, {
    variants: withMagnitudes(recipe, [base, ...swept, ...proofFor(base, swept, row), ...controlsOf(base)]),
  });
}

/**
 * The rule at the nearest power of four, if no alpha is at one: other alphas round, so their bits prove nothing. One
 * such run is enough, because all alphas follow the same rule.
 */
function proofFor(base: VariantSpec, swept: readonly VariantSpec[], row: OptimizerRow): VariantSpec[] {
  const others = swept.filter(({ scaling }) => scaling !== base.scaling);
  const [first] = others;
  if (!first || others.some((variant) => evenScaling(base, variant) === variant.scaling / base.scaling)) return [];
  return [{ ...ruleVariant(base, row, evenScaling(base, first)), name: 'proof', role: 'proof' }];
}

function appendix(alphas: readonly number[], { backend, steps, seed, seeds: count }: SpecOptions): PreparedSpec {
  const row = optimizerRow('sgd');
  if (!row) throw new Error('the table of optimizers has lost its row sgd');
  const { width, batch, rank, alpha: from, learningRate: lr } = APPENDIX;
  const factor = { lr, weightDecay: 0, constants: {} };
  const numbers = { a: factor, b: factor, maxGradValue: null, maxGradNorm: null };
  const base = baseOf(scalingOf('standard', from, rank), numbers);
  const swept = alphas.map((alpha) => sweptTo(alpha, ruleVariant(base, row, alpha / from)));
  const seeds = seedsFrom(seed ?? 1, count ?? 1);
  const spec: ExperimentSpec = {
    task: 'linear',
    useDora: false,
    width,
    batch,
    batches: 1,
    rank,
    data: { target: 'noise', inputScale: 1, targetScale: 1 },
    loss: 'l1',
    seeds,
    dropout: 0,
    steps: steps ?? APPENDIX.steps,
    optimizer: { row: row.id, betas: [0.9, 0.999], momentum: 0, nesterov: false, options: {} },
    clipEps: 0,
    schedule: { kind: 'constant', warmupSteps: 0 },
    backend,
    variants: overDraws([base, ...swept, ...controlsOf(base)], seeds, row),
  };
  const says = `The appendix of the blog post: one LoRA layer, ${width} wide, rank ${rank}, ${batch} rows of random data, L1, SGD at ${lr}, ${spec.steps} steps, from alpha ${from}.`;
  return { spec, assumptions: [says] };
}

function sweptTo(alpha: number, variant: VariantSpec): VariantSpec {
  return { ...variant, name: `alpha-${alpha}`, role: 'rescaled', alpha };
}
