import * as l10n from '@vscode/l10n';
import { fieldNoun } from '../field-names';
import { adaptsEmbeddings, initFacts } from '../init/facts';
import { initRow } from '../init/init-rows';
import { rowFor } from '../optimizers/optimizers';
import { decayIn, type Recipe, type ScalingRule } from '../recipe';

/** What stands behind a plan for another rank. None of them says that the run stays the same. */
export const CLAIMS = {
  recommended: { word: l10n.t('recommended'), heading: l10n.t('Recommended') },
  published: { word: l10n.t('published'), heading: l10n.t('A published rule') },
  habit: { word: l10n.t('habit'), heading: l10n.t('A habit') },
} as const;

export type RankClaim = keyof typeof CLAIMS;

/**
 * A rule that somebody published or follows: how scaling and learning rate change with the rank. With ρ = new / old rank,
 * the scaling is multiplied by ρ^scaling and the learning rate by ρ^lr.
 */
export interface RankRule {
  id: string;
  title: string;
  /** Power of ρ in the scaling s; or alpha becomes this multiple of the rank. */
  scaling: number | { alphaPerRank: number };
  /** Power of ρ in the learning rate. */
  lr: number;
  /** What the source says, in one sentence. */
  says: string;
  source: string;
  /** `habit`: a rule of thumb without a measurement. */
  claim: Exclude<RankClaim, 'recommended'>;
}

const MUA = {
  says: l10n.t(
    'µA: for A random and B zero the best learning rate keeps lr·√(s·r). A theory of sign descent, as a stand-in for Adam, on wide layers; with sweeps.',
  ),
  source: 'https://arxiv.org/abs/2602.06204',
  claim: 'published',
} as const;

/** THE table of rules for another rank, one row each. LoRA-α, alpha ∝ √r with a large factor, has the numbers of rsLoRA. */
const ROWS = {
  'keep-alpha': {
    title: l10n.t('Keep alpha and the learning rate'),
    scaling: -1,
    lr: 0,
    says: l10n.t(
      'µA: at s = alpha/r and alpha kept the best learning rate does not depend on the rank. LoRA Without Regret: at alpha 32 it varies by less than 2 from rank 4 to 512.',
    ),
    source: 'https://thinkingmachines.ai/blog/lora/',
    claim: 'published',
  },
  'mua-root': {
    title: l10n.t('Alpha by √r, learning rate by r^(−1/4)'),
    scaling: -1 / 2,
    lr: -1 / 4,
    ...MUA,
  },
  'mua-scaling': {
    title: l10n.t('Keep the scaling, learning rate by r^(−1/2)'),
    scaling: 0,
    lr: -1 / 2,
    ...MUA,
  },
  rslora: {
    title: l10n.t('Alpha by √r, keep the learning rate'),
    scaling: -1 / 2,
    lr: 0,
    says: l10n.t(
      'rsLoRA: s = alpha/√r keeps outputs and gradients from vanishing or exploding as the rank grows; its experiments train every rank at one learning rate. LoRA-α takes alpha ∝ √r too, with a factor of about 256.',
    ),
    source: 'https://arxiv.org/abs/2312.03732',
    claim: 'published',
  },
  'scaling-kept': {
    title: l10n.t('Alpha grows with the rank, keep the learning rate'),
    scaling: 0,
    lr: 0,
    says: l10n.t(
      'A habit of guides: alpha is the rank, or another multiple of it, whatever the rank. Here nothing else changes.',
    ),
    source: 'https://github.com/huggingface/diffusers/blob/main/examples/dreambooth/README_sana.md',
    claim: 'habit',
  },
  'alpha-2r': {
    title: l10n.t('Alpha = 2r, keep the learning rate'),
    scaling: { alphaPerRank: 2 },
    lr: 0,
    says: l10n.t(
      'A habit of guides and of skills for assistants: alpha is twice the rank. Here nothing else changes; this source also names half the learning rate for higher ranks.',
    ),
    source: 'https://github.com/wshobson/agents/tree/main/plugins/llm-finetuning',
    claim: 'habit',
  },
  'inverse-rank': {
    title: l10n.t('Keep the scaling, learning rate by 1/r'),
    scaling: 0,
    lr: -1,
    says: l10n.t(
      'A choice of aprender: alpha is a quarter of the rank, and from rank 32 the learning rate is inverse to the rank, after one run that diverged at rank 256.',
    ),
    source: 'https://github.com/paiml/aprender/pull/2258',
    claim: 'habit',
  },
} as const satisfies Readonly<Record<string, Omit<RankRule, 'id'>>>;

export type RankRuleId = keyof typeof ROWS;
export const RANK_RULES: readonly RankRule[] = (Object.keys(ROWS) as RankRuleId[]).map((id) => ({ id, ...ROWS[id] }));

/** Power of the rank in alpha at a fixed scaling: s = alpha/r, alpha/√r, or the number itself. */
export const ALPHA_POWER: Readonly<Record<ScalingRule, number>> = { standard: 1, rslora: 1 / 2, direct: 0 };

/** The rows for which µA was made, and whose transformer followed it in the study (docs/ranks.md). */
const MEASURED: ReadonlySet<string> = new Set(['adam', 'adamw']);

/**
 * The rule that is recommended for a recipe: it leaves alpha as it is written and moves the learning rate as lr·√(s·r) asks.
 * Null where the best learning rate follows no rule that we know, so that it must be measured.
 */
export function recommended(recipe: Recipe): RankRuleId | null {
  const { scalingRule } = recipe;
  if (unmeasured(recipe) !== null) return null;
  return scalingRule === 'standard' ? 'keep-alpha' : scalingRule === 'rslora' ? 'mua-root' : 'mua-scaling';
}

/** What of a recipe neither µA nor the study is about; null if they are about all of it. */
function unmeasured(recipe: Recipe): string | null {
  const { optimizer, useDora, loraplusLrRatio, lrA, lrB } = recipe;
  const row = rowFor(optimizer);
  if (!row || !MEASURED.has(row.id)) return row?.title ?? optimizer.name ?? fieldNoun('optimizer');
  if (row.decay === 'coupled' && decayIn(optimizer, row)) return l10n.t`${row.title} with weight decay`;
  if (useDora) return 'DoRA';
  if ((loraplusLrRatio ?? 1) !== 1 || lrA !== lrB) return 'LoRA+';
  if (adaptsEmbeddings(recipe)) return l10n.t('embedding layers');
  const init = initRow(recipe.init);
  // EVA's rows are the directions of the inputs that matter most, and more rank adds lesser ones.
  return init?.id === 'eva' || init?.A.rank !== undefined || !initFacts(recipe).zeroB
    ? l10n.t`the init ${init?.title ?? String(recipe.init)}`
    : null;
}

/** That no rule is recommended for a recipe, and why; null where one is. */
export function noRuleWords(recipe: Recipe): string | null {
  const what = unmeasured(recipe);
  return what === null ? null : l10n.t`No rule is recommended for ${what}: measure where the best learning rate goes.`;
}
