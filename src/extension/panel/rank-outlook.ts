import * as l10n from '@vscode/l10n';
import type { ConfigRecipe } from '../../config/plan/as-trained';
import { rankConfig } from '../../config/ranked';
import type { PanelView, PlanView } from '../../messages/panel';
import { factorLabel, numberLabel } from '../../recipe/notation';
import { type RankPlan, rankCaveats } from '../../recipe/rank/plan';
import { CLAIMS } from '../../recipe/rank/rules';
import { QUICK, rankSpec } from '../../experiment/rank/specs';
import { unfitWords } from '../../experiment/words/rank-words';
import type { Destination } from '../../recipe/target';
import { changeRow } from './change-row';

export type Ranked = ReturnType<typeof rankedAt>;

/**
 * What follows from the choice of another rank: the rules in place of plans, the chosen one, what a user must know of
 * every one, and the test that measures them; null where nothing can be trained.
 */
export function rankedAt(own: ConfigRecipe, rank: number, rule = '') {
  const { plans, refusal } = rankConfig(own, rank);
  const plan = plans.find((each) => each.rule === rule) ?? plans[0] ?? null;
  const { recipe } = own;
  const caveats = refusal ? [] : rankCaveats(recipe);
  // One learning rate is enough: the spec has everything else that is trained.
  const specAt = ({ from }: RankPlan) => rankSpec(recipe, from.rank, from.scaling, [0], QUICK, { backend: 'auto' });
  const keyOf = (each: RankPlan): string => JSON.stringify([specAt(each), plans.map(({ to }) => to)]);
  const test = plan && unfitWords(recipe) === null ? { recipe, plans, key: keyOf(plan) } : null;
  return { rank, plans, plan, caveats, test, refusal: refusal?.message ?? null };
}

/** What to know of a rule before it is written. */
export const remarkOn = ({ claim }: RankPlan): string =>
  claim === 'recommended'
    ? l10n.t('A recommendation: another rank is another run.')
    : l10n.t('Not recommended here. Another rank is another run.');

/** What the panel shows of another rank. */
export function rankParts(
  target: Destination,
  { rank, plans, plan, caveats }: Ranked,
  measured: Readonly<Record<string, number | null>>,
): Pick<PanelView, 'ranked' | 'plans' | 'plan' | 'changes' | 'target'> {
  const from = plan?.from.rank ?? rank;
  return {
    ranked: {
      heading: plan ? CLAIMS[plan.claim].heading : '',
      note: plan ? [remarkOn(plan), ...caveats].join(' ') : '',
      untested: l10n.t`A test trains a small model at rank ${from} and ${rank}, over many learning rates.`,
    },
    plans: plans.map(({ rule, title, says, claim, to }): PlanView => {
      const lr = to.lr === null ? '' : ` · lr ${numberLabel(to.lr)}`;
      const factor = measured[rule] ?? null;
      const best = factor === null ? '' : l10n.t`best lr ${factorLabel(factor)}`;
      return {
        ...{ id: rule, title, summary: says, exactness: 'approximate', needsCode: false, measured: null, caveats: [] },
        says: CLAIMS[claim].word,
        rule: { numbers: `alpha ${numberLabel(to.alpha)}${lr}`, measured: best },
      };
    }),
    plan: plan?.rule ?? '',
    changes: (plan?.configChanges ?? []).map((change) => changeRow(change, 1)),
    target: { ...target, rank },
  };
}
