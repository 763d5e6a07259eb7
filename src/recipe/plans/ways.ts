import * as l10n from '@vscode/l10n';
import { caveatsOf } from '../caveats/caveats';
import { worstOf } from '../caveats/caveat';
import { adaptsEmbeddings } from '../init/facts';
import { GAUGE_POWERS, gaugeOf, type GaugeId } from '../gauge';
import { lrPower } from '../optimizers/optimizer-row';
import {
  groupChanges,
  initChange,
  isGrouped,
  isRightForBoth,
  learningRateChange,
  losesDecay,
  movingFactor,
  ratioChange,
  sharedChanges,
  type Situation,
  targetChanges,
} from './changes';
import type { Change, Plan, PlanId } from './plan';

/** A kind of plan: when it is offered, and its text. */
export interface PlanKind {
  isOffered: (situation: Situation) => boolean;
  plan: (situation: Situation) => Plan;
}

/** Every kind of plan; plans.ts sorts the results. */
export const WAYS: readonly PlanKind[] = [
  {
    isOffered: ({ trains }) => trains === 'both',
    plan: (s) =>
      gaugePlan(s, 'symmetric', {
        title: l10n.t('Rescale the init'),
        summary:
          s.init.scaling === 'divides'
            ? l10n.t`A and B share one learning rate. The ${s.recipe.init ?? ''} init already divides by the scaling, so no code is needed.`
            : l10n.t('Divide the init by √k in a few lines of code. A and B share one learning rate.'),
      }),
  },
  {
    // If A is frozen and its init depends on the scaling, B would need another gauge.
    isOffered: ({ trains, canSplit, init }) =>
      (trains === 'B' && init.scaling !== 'divides') || (trains === 'both' && canSplit),
    plan: (s) => gaugePlan(s, 'keep-init', isGrouped('keep-init', s) ? groupWords('B', s) : keepInitWords(s)),
  },
  {
    isOffered: ({ trains, canSplit, row }) => trains === 'A' || (trains === 'both' && canSplit && lrPower(row) !== 0),
    plan: (s) => gaugePlan(s, 'keep-b', isGrouped('keep-b', s) ? groupWords('A', s) : keepBWords(s)),
  },
  {
    // Without a rate, or with one that stays, there is nothing to change.
    isOffered: ({ row }) => row.rate !== 'fixed' && lrPower(row) !== 0,
    plan: lrOnly,
  },
];

/** If no rule is known: a plan without a promise, for measuring. */
export const MEASURED_WAY: PlanKind = { isOffered: () => true, plan: lrOnly };

interface PlanWords {
  title: string;
  summary: string;
}

/** What code does to give one factor its own numbers. */
function groupWords(factor: 'A' | 'B', { init }: Situation): PlanWords {
  const isDivided = factor === 'A' || !init.zeroB;
  return {
    title: l10n.t`Separate numbers for ${factor}`,
    summary: l10n.t`Only ${factor} changes: a few lines of code ${isDivided ? l10n.t('divide it by k and ') : ''}give it a separate group in your optimizer. The config keeps its learning rate.`,
  };
}

function keepInitWords({ trains, init, row }: Situation): PlanWords {
  if (trains === 'B') {
    return {
      title: l10n.t('Change the learning rate'),
      summary: init.zeroB
        ? l10n.t('A is frozen, so the learning rate of B takes the whole change. No code needed.')
        : l10n.t(
            'A is frozen, so the learning rate of B takes the whole change. Code divides B by k, because this init does not start B at zero.',
          ),
    };
  }
  if (lrPower(row) === 0) {
    return {
      title: l10n.t('Alpha alone'),
      summary: l10n.t`${row.title} scales its steps to the weights, so B reaches its new size by itself.`,
    };
  }
  return init.zeroB
    ? {
        title: l10n.t('LoRA+ ratio'),
        summary: l10n.t('Give B its own learning rate with the LoRA+ ratio. A stays as it is. No code needed.'),
      }
    : {
        title: l10n.t('LoRA+ ratio, and B rescaled'),
        summary: l10n.t(
          'Divide B by k in code, because this init does not start it at zero, and give it its own learning rate with the LoRA+ ratio. A stays as it is.',
        ),
      };
}

function keepBWords({ trains }: Situation): PlanWords {
  if (trains === 'A') {
    return {
      title: l10n.t('Change the learning rate'),
      summary: l10n.t(
        'B is frozen and A starts at zero, so the learning rate of A takes the whole change. No code needed.',
      ),
    };
  }
  return {
    title: l10n.t('Rescale A alone'),
    summary: l10n.t(
      'Divide the init of A by k in code, and give A its own learning rate with the LoRA+ ratio. B stays as it is.',
    ),
  };
}

/** A plan in one gauge, with every number that the trainer can set. */
function gaugePlan(situation: Situation, id: Exclude<PlanId, 'lr-only'>, words: PlanWords): Plan {
  const { k, row, trains, init, recipe } = situation;
  const powers = GAUGE_POWERS[id];
  const grouped = isGrouped(id, situation);
  const shared = trains === 'A' ? powers.p : trains === 'B' || powers.p === powers.q ? powers.q : null;
  const movesA = powers.p !== 0 && trains === 'both';
  const movesB = powers.q !== 0 && (!init.zeroB || (grouped && adaptsEmbeddings(recipe))) && trains !== 'A';
  const factors = { A: k ** -powers.p, B: k ** -powers.q };
  // An init that divides by √s is in the symmetric gauge already, and needs code for any other.
  const needsInitCode = (init.scaling !== 'divides' || id !== 'symmetric') && (movesA || movesB);
  const ratePower = trains === 'B' ? powers.q : powers.p;
  const changes: Change[] = [
    ...targetChanges(situation),
    ...(grouped
      ? groupChanges(situation, powers)
      : [...learningRateChange(situation, ratePower), ...ratioChange(situation, powers)]),
    ...(shared === null ? [] : sharedChanges(situation, shared)),
    ...(needsInitCode ? [initChange(situation, powers.p === 0 ? powers.q : powers.p)] : []),
  ];
  const caveats = caveatsOf({ ...situation, plan: id, shared, grouped });
  return {
    id,
    ...words,
    exactness: worstOf(row.exactness, caveats),
    gauge: gaugeOf(id, k),
    shared,
    changes,
    grouped,
    magnitudes: grouped ? other(movingFactor(powers)) : magnitudesOf(situation, changes),
    init: factors,
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
  const { k, trains, init } = situation;
  const gauge: GaugeId = init.scaling === 'divides' ? 'symmetric' : trains === 'A' ? 'keep-b' : 'keep-init';
  const powers = GAUGE_POWERS[gauge];
  const changes = [...targetChanges(situation), ...learningRateChange(situation, Math.max(powers.p, powers.q))];
  const isBoth = isRightForBoth(situation);
  return {
    id: 'lr-only',
    ...lrOnlyWords(situation, isBoth),
    exactness: 'approximate',
    gauge: gaugeOf(gauge, k),
    shared: null,
    changes,
    grouped: false,
    magnitudes: magnitudesOf(situation, changes),
    init: isBoth ? { A: k ** -powers.p, B: k ** -powers.q } : { A: 1, B: 1 },
    needsInitCode: false,
    dropsDecay: false,
    caveats: caveatsOf({ ...situation, plan: 'lr-only', shared: null, grouped: false }),
  };
}

function lrOnlyWords({ row }: Situation, isBoth: boolean): PlanWords {
  if (row.noRule) {
    return {
      title: l10n.t('No rule: find the learning rate by training'),
      summary: l10n.t`No rule is known for ${row.title}, so no plan is exact. A check trains alpha alone, lr / √k and lr / k beside the baseline, and says which comes closest.`,
    };
  }
  return {
    title: l10n.t('Learning rate only'),
    summary: isBoth
      ? l10n.t('Change only the learning rate; eps, weight decay and max grad norm stay.')
      : l10n.t('Change only the learning rate. Not equivalent: B learns as before, A more slowly (faster if k < 1).'),
  };
}

const other = (factor: 'A' | 'B'): 'A' | 'B' => (factor === 'A' ? 'B' : 'A');

/** Without LoRA+ there is one parameter group, so one rate. */
function magnitudesOf({ recipe, support }: Situation, changes: readonly Change[]): 'A' | 'B' {
  const hasRatio = recipe.loraplusLrRatio !== null || changes.some(({ field }) => field === 'loraplusLrRatio');
  return hasRatio && support.loraplus?.vectorsWithB ? 'B' : 'A';
}
