import * as l10n from '@vscode/l10n';
import { EXACTNESS, worstOf } from '../caveats/caveat';
import { caveatsOf } from '../caveats/caveats';
import { GAUGE_POWERS, gaugeOf, type GaugeId } from '../gauge';
import { adaptsEmbeddings } from '../init/facts';
import { WRITTEN_DIGITS } from '../notation';
import { lrPower } from '../optimizers/optimizer-row';
import { rowFor } from '../optimizers/optimizers';
import { checkRecipe, type Recipe } from '../recipe';
import { destinationOf, hereOf, type Target } from '../target';
import { change, groupChanges, isGrouped, isRightForBoth, losesDecay, rateChanges } from './changes';
import { sharedChanges, situationOf, targetChanges, type Situation } from './changes';
import { PLAN_IDS, type Change, type TrainerSupport, type Plan, type Plans } from './plan';

/**
 * The plans that run `recipe` at another scaling, best first.
 * @param recipe as its trainer reads it
 * @param target an alpha, or another target
 * @param digits significant digits of written numbers
 * @throws RecipeError if a number of the target or the recipe is not usable
 */
export function plansFor(
  recipe: Recipe,
  target: number | Target,
  support: TrainerSupport,
  digits = WRITTEN_DIGITS,
): Plans {
  checkRecipe(recipe);
  const limits = { wholeAlpha: support.wholeAlpha ?? false, canSwitchRslora: support.settable.has('useRslora') };
  const destination = destinationOf(recipe, target, limits, digits);
  if ('refusal' in destination) {
    return { k: 1, target: hereOf(recipe), limits, plans: [], refusal: destination.refusal };
  }
  const row = rowFor(recipe.optimizer);
  const reached = { k: destination.k, target: destination, limits };
  if (!row) {
    const why = recipe.optimizer.unknown ?? l10n.t`Unknown optimizer: ${recipe.optimizer.name ?? ''}.`;
    const message = l10n.t`${why} So no equivalent can be computed, and as its steps cannot be trained here, nothing can be measured either.`;
    return { ...reached, plans: [], refusal: { code: 'optimizer-unknown', message } };
  }
  const situation = situationOf(recipe, row, destination, support, digits);
  const gauges = gaugesFor(situation).map((id) => gaugePlan(situation, id));
  // Without a rate, or with one that stays, there is nothing to change.
  const hasRate = row.noRule ?? (row.rate !== 'fixed' && lrPower(row) !== 0);
  const rateAlone = hasRate ? [lrOnly(situation)] : [];
  // If only the learning rate changes, a plan in a gauge has the same changes and is exact. Numbers in the user's script
  // may have to change too.
  const isAllKnown = (support.inScript?.size ?? 0) === 0;
  const moves = ({ changes }: Plan): string => changes.map(({ field, factor }) => `${field} ${factor}`).join();
  const isCovered = (plan: Plan): boolean =>
    isAllKnown && gauges.some((other) => !other.needsInitCode && moves(other) === moves(plan));
  const plans = [...gauges, ...rateAlone.filter((plan) => !isCovered(plan))];
  return { ...reached, plans: plans.toSorted(byPreference), refusal: null };
}

/** lr-only is last; otherwise exact plans first, then those with the least work. */
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

/** The gauges in which the trainer can run the recipe; none if no rule is known. */
function gaugesFor({ trains, init, row, support }: Situation): GaugeId[] {
  if (row.noRule) return [];
  // If A is frozen and its init depends on the scaling, B would need another gauge.
  if (trains !== 'both') return trains === 'A' ? ['keep-b'] : init.scaling === 'divides' ? [] : ['keep-init'];
  const hasRates = row.rate !== 'fixed' && (support.settable.has('loraplusLrRatio') || support.groups !== undefined);
  const needsRates = lrPower(row) !== 0;
  const canSplit = row.gauges !== 'symmetric' && init.scaling !== 'divides' && (!needsRates || hasRates);
  return ['symmetric', ...(canSplit ? (['keep-init', ...(needsRates ? (['keep-b'] as const) : [])] as const) : [])];
}

/** A plan in one gauge, with every number that the trainer can set. */
function gaugePlan(situation: Situation, id: GaugeId): Plan {
  const { k, row, trains, init, recipe } = situation;
  const powers = GAUGE_POWERS[id];
  const { p, q } = powers;
  const grouped = isGrouped(id, situation);
  const shared = trains === 'A' ? p : trains === 'B' || p === q ? q : null;
  const movesA = p !== 0 && trains === 'both';
  const movesB = q !== 0 && (!init.zeroB || (grouped && adaptsEmbeddings(recipe))) && trains !== 'A';
  // An init that divides by √s is in the symmetric gauge already, and needs code for any other.
  const needsInitCode = (init.scaling !== 'divides' || id !== 'symmetric') && (movesA || movesB);
  const moving = p === 0 ? 'B' : 'A';
  const changes: Change[] = [
    ...targetChanges(situation),
    ...(grouped ? groupChanges(situation, moving) : rateChanges(situation, powers)),
    ...(shared === null ? [] : sharedChanges(situation, shared)),
    ...(needsInitCode ? [change(situation, 'init', 1, -(p || q))] : []),
  ];
  const caveats = caveatsOf({ ...situation, plan: id, shared, grouped });
  return {
    id,
    ...wordsOf(id, grouped, situation),
    exactness: worstOf(row.exactness, caveats),
    gauge: gaugeOf(id, k),
    shared,
    changes,
    grouped,
    magnitudes: grouped ? (moving === 'A' ? 'B' : 'A') : magnitudesOf(situation, changes),
    init: { A: k ** -p, B: k ** -q },
    needsInitCode,
    dropsDecay: losesDecay(id, situation),
    caveats,
  };
}

/**
 * Approximate: changes only the scaling and the learning rate. Of the two invariants (pace of A, reach of B) it keeps
 * the reach of B, `lr_B·(s·σ_A)^(d+1−e)`, which decides the first part of the run. If the init follows the scaling by
 * itself, or only one factor trains, it keeps both, and only other constants are wrong.
 */
function lrOnly(situation: Situation): Plan {
  const { k, trains, init, row, recipe } = situation;
  const gauge: GaugeId = init.scaling === 'divides' ? 'symmetric' : trains === 'A' ? 'keep-b' : 'keep-init';
  const { p, q } = GAUGE_POWERS[gauge];
  const rate = change(situation, 'learningRate', recipe.learningRate, lrPower(row) * Math.max(p, q));
  const changes = [...targetChanges(situation), rate];
  return {
    id: 'lr-only',
    ...wordsOf('lr-only', false, situation),
    exactness: 'approximate',
    gauge: gaugeOf(gauge, k),
    shared: null,
    changes,
    grouped: false,
    magnitudes: magnitudesOf(situation, changes),
    init: isRightForBoth(situation) ? { A: k ** -p, B: k ** -q } : { A: 1, B: 1 },
    needsInitCode: false,
    dropsDecay: false,
    caveats: caveatsOf({ ...situation, plan: 'lr-only', shared: null, grouped: false }),
  };
}

/** Without LoRA+ there is one parameter group, so one rate. */
function magnitudesOf({ recipe, support }: Situation, changes: readonly Change[]): 'A' | 'B' {
  const hasRatio = recipe.loraplusLrRatio !== null || changes.some(({ field }) => field === 'loraplusLrRatio');
  return hasRatio && support.loraplus?.vectorsWithB ? 'B' : 'A';
}

function wordsOf(id: Plan['id'], grouped: boolean, situation: Situation): Pick<Plan, 'title' | 'summary'> {
  const { trains, init, row, recipe } = situation;
  const isFree = init.zeroB;
  const words = (title: string, summary: string): Pick<Plan, 'title' | 'summary'> => ({ title, summary });
  if (grouped) {
    const factor = id === 'keep-init' ? 'B' : 'A';
    const divides = factor === 'A' || !isFree ? l10n.t('divide it by k and ') : '';
    return words(
      l10n.t`Separate numbers for ${factor}`,
      l10n.t`Only ${factor} changes: a few lines of code ${divides}give it a separate group in your optimizer. The config keeps its learning rate.`,
    );
  }
  switch (id) {
    case 'symmetric':
      return words(
        l10n.t('Rescale the init'),
        init.scaling === 'divides'
          ? l10n.t`A and B share one learning rate. The ${recipe.init ?? ''} init already divides by the scaling, so no code is needed.`
          : l10n.t('Divide the init by √k in a few lines of code. A and B share one learning rate.'),
      );
    case 'keep-init':
      if (trains === 'B') {
        return words(
          l10n.t('Change the learning rate'),
          isFree
            ? l10n.t('A is frozen, so the learning rate of B takes the whole change. No code needed.')
            : l10n.t(
                'A is frozen, so the learning rate of B takes the whole change. Code divides B by k, because this init does not start B at zero.',
              ),
        );
      }
      if (lrPower(row) === 0) {
        const summary = l10n.t`${row.title} scales its steps to the weights, so B reaches its new size by itself.`;
        return words(l10n.t('Alpha alone'), summary);
      }
      return isFree
        ? words(
            l10n.t('LoRA+ ratio'),
            l10n.t('Give B its own learning rate with the LoRA+ ratio. A stays as it is. No code needed.'),
          )
        : words(
            l10n.t('LoRA+ ratio, and B rescaled'),
            l10n.t(
              'Divide B by k in code, because this init does not start it at zero, and give it its own learning rate with the LoRA+ ratio. A stays as it is.',
            ),
          );
    case 'keep-b':
      return trains === 'A'
        ? words(
            l10n.t('Change the learning rate'),
            l10n.t(
              'B is frozen and A starts at zero, so the learning rate of A takes the whole change. No code needed.',
            ),
          )
        : words(
            l10n.t('Rescale A alone'),
            l10n.t(
              'Divide the init of A by k in code, and give A its own learning rate with the LoRA+ ratio. B stays as it is.',
            ),
          );
    case 'lr-only':
      if (row.noRule) {
        return words(
          l10n.t('No rule: find the learning rate by training'),
          l10n.t`No rule is known for ${row.title}, so no plan is exact. A check trains alpha alone, lr / √k and lr / k beside the baseline, and says which comes closest.`,
        );
      }
      return words(
        l10n.t('Learning rate only'),
        isRightForBoth(situation)
          ? l10n.t('Change only the learning rate; eps, weight decay and max grad norm stay.')
          : l10n.t(
              'Change only the learning rate. Not equivalent: B learns as before, A more slowly (faster if k < 1).',
            ),
      );
  }
}
