import * as l10n from '@vscode/l10n';
import { asTrained } from '../../config/plan/as-trained';
import type { ConfigPlan } from '../../config/planned';
import type { Rewriting } from '../../config/rewrite';
import { type ConfigRankPlan, rankConfig, rewriteRank } from '../../config/ranked';
import type { ReadRecipe } from '../../config/reading';
import type { ChangeRow, PanelView, PlanView, TargetChoice } from '../../messages/panel';
import { fieldLabel } from '../../recipe/field-names';
import { factorLabel, numberLabel } from '../../recipe/notation';
import { type RankPlan, rankCaveats } from '../../recipe/rank/plan';
import { CLAIM_WORDS } from '../../recipe/rank/rules';
import { unfitWords } from '../../experiment/words/rank-words';
import type { RankTest } from '../runs/rank-test';
import { pointOf } from '../documents/places';
import type { Destination } from '../../recipe/target';
import type { ReadText } from '../questions/read-text';
import { changeRow } from './change-row';

/** The rules for another rank, the chosen one, and what a user must know of every one. */
export interface Ranked {
  rank: number;
  plans: readonly ConfigRankPlan[];
  plan: ConfigRankPlan | null;
  caveats: readonly string[];
  /** What would measure the rules; null where nothing can be trained. */
  test: RankTest | null;
}

interface RankedOutlook {
  ranked: Ranked;
  scaling: number;
  refusal: string | null;
  writing: Rewriting | null;
}

/** What follows from the choice of another rank: rules in place of plans, and the test that measures them. */
export function rankedAt(
  { text, reading }: ReadText,
  index: number,
  recipe: ReadRecipe,
  { rank, rule }: { rank: number; rule: string | undefined },
): RankedOutlook {
  const source = { text, reading, index };
  const { plans, refusal } = rankConfig(source, rank);
  const plan = plans.find((each) => each.rule === rule) ?? plans[0] ?? null;
  const trained = asTrained(text, reading, recipe);
  const { optimizer, scaling, maxGradNorm } = trained;
  const key = JSON.stringify([optimizer, scaling, maxGradNorm, recipe.rank, rank, plans.map(({ to }) => to)]);
  const caveats = refusal ? [] : rankCaveats(trained).map(({ message }) => message);
  const test = plan && unfitWords(trained) === null ? { recipe: trained, plans, key } : null;
  return {
    ranked: { rank, plans, plan, caveats, test },
    scaling: plan?.to.scaling ?? recipe.scaling,
    refusal: refusal?.message ?? null,
    writing: plan && rewriteRank(source, rank, plan.rule),
  };
}

const HEADINGS: Readonly<Record<RankPlan['claim'], string>> = {
  recommended: l10n.t('Recommended'),
  published: l10n.t('A published rule'),
  habit: l10n.t('A habit'),
};

/** What Apply has to know of a rule; null without one. */
export function writtenRank({ rank, plan }: Ranked): Written | null {
  if (!plan) return null;
  const { configChanges, to } = plan;
  return {
    target: { alpha: to.alpha, rank },
    plan: { configChanges, code: null, codeName: null },
    remark: noteOf(plan),
  };
}

interface Written {
  target: TargetChoice;
  plan: Pick<ConfigPlan, 'configChanges' | 'code' | 'codeName'>;
  remark: string;
}

const noteOf = ({ claim }: RankPlan): string =>
  claim === 'recommended'
    ? l10n.t('A recommendation: another rank is another run.')
    : l10n.t('Not recommended here. Another rank is another run.');

type OfRank = Pick<PanelView, 'ranked' | 'plans' | 'plan' | 'changes' | 'target'>;

/** What the panel shows of another rank. */
export function rankParts(
  recipe: ReadRecipe,
  target: Destination,
  ranked: Ranked,
  measured: Readonly<Record<string, number | null>>,
): OfRank {
  const { rank, plans, plan, caveats } = ranked;
  const from = plan?.from.rank ?? rank;
  return {
    ranked: {
      heading: plan ? HEADINGS[plan.claim] : '',
      note: plan ? [noteOf(plan), ...caveats].join(' ') : '',
      untested: l10n.t`A test trains a small model at rank ${from} and ${rank}, over many learning rates.`,
    },
    plans: plans.map((each) => ruleView(each, measured[each.rule] ?? null)),
    plan: plan?.rule ?? '',
    changes: plan ? [...plan.configChanges.map((change) => changeRow(change, 1)), ...keptRate(recipe, plan)] : [],
    target: { ...target, rank },
  };
}

/** The learning rate where the rule keeps it: people look for it first. */
function keptRate({ learningRate, stated }: ReadRecipe, plan: ConfigRankPlan): ChangeRow[] {
  if (learningRate === null || plan.configChanges.some(({ field }) => field === 'learningRate')) return [];
  const [key, value] = [stated.learningRate?.path ?? fieldLabel('learningRate'), numberLabel(learningRate)];
  const row = { field: 'learningRate', key, from: value, to: value, law: '', why: '', note: '' };
  return [{ ...row, ofFactor: false, moves: null, ...pointOf(stated.learningRate ?? { line: null }) }];
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
