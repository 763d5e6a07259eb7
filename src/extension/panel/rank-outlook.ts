import * as l10n from '@vscode/l10n';
import { asTrained, type ConfigRecipe } from '../../config/plan/as-trained';
import { type ConfigRankPlan, rankConfig } from '../../config/ranked';
import type { ReadRecipe } from '../../config/reading';
import type { PanelView, PlanView } from '../../messages/panel';
import { factorLabel, numberLabel } from '../../recipe/notation';
import { type RankPlan, rankCaveats } from '../../recipe/rank/plan';
import { CLAIM_WORDS } from '../../recipe/rank/rules';
import { unfitWords } from '../../experiment/words/rank-words';
import type { RankTest } from '../runs/rank-test';
import type { Destination } from '../../recipe/target';
import { changeRow } from './change-row';

/** The rules for another rank, the chosen one, and what a user must know of every one. */
export interface Ranked {
  rank: number;
  plans: readonly ConfigRankPlan[];
  plan: ConfigRankPlan | null;
  caveats: readonly string[];
  /** What would measure the rules; null where nothing can be trained. */
  test: RankTest | null;
  refusal: string | null;
}

/** What follows from the choice of another rank: rules in place of plans, and the test that measures them. */
export function rankedAt(source: Omit<ConfigRecipe, 'recipe'>, recipe: ReadRecipe, rank: number, rule = ''): Ranked {
  const { plans, refusal } = rankConfig(source, rank);
  const plan = plans.find((each) => each.rule === rule) ?? plans[0] ?? null;
  const trained = asTrained(source.text, source.reading, recipe);
  const { optimizer, scaling, maxGradNorm } = trained;
  const key = JSON.stringify([optimizer, scaling, maxGradNorm, recipe.rank, rank, plans.map(({ to }) => to)]);
  const caveats = refusal ? [] : rankCaveats(trained).map(({ message }) => message);
  const test = plan && unfitWords(trained) === null ? { recipe: trained, plans, key } : null;
  return { rank, plans, plan, caveats, test, refusal: refusal?.message ?? null };
}

const HEADINGS: Readonly<Record<RankPlan['claim'], string>> = {
  recommended: l10n.t('Recommended'),
  published: l10n.t('A published rule'),
  habit: l10n.t('A habit'),
};

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
      heading: plan ? HEADINGS[plan.claim] : '',
      note: plan ? [remarkOn(plan), ...caveats].join(' ') : '',
      untested: l10n.t`A test trains a small model at rank ${from} and ${rank}, over many learning rates.`,
    },
    plans: plans.map((each) => ruleView(each, measured[each.rule] ?? null)),
    plan: plan?.rule ?? '',
    changes: (plan?.configChanges ?? []).map((change) => changeRow(change, 1)),
    target: { ...target, rank },
  };
}

function ruleView({ rule, title, says, claim, to }: ConfigRankPlan, measured: number | null): PlanView {
  const lr = to.lr === null ? '' : ` · lr ${numberLabel(to.lr)}`;
  const best = measured === null ? '' : l10n.t`best lr ${factorLabel(measured)}`;
  return {
    ...{ id: rule, title, summary: says, exactness: 'approximate', needsCode: false, measured: null, caveats: [] },
    says: CLAIM_WORDS[claim],
    rule: { numbers: `alpha ${numberLabel(to.alpha)}${lr}`, measured: best },
  };
}
