import * as l10n from '@vscode/l10n';
import { asTrained } from '../../config/plan/as-trained';
import { claimHeadline, claimWords } from '../../config/plan/claim';
import type { ConfigChange } from '../../config/plan/changes';
import type { ConfigReading } from '../../config/read';
import type { ReadField, ReadRecipe } from '../../config/reading';
import { sourceLabel } from '../../config/trainers/trainer';
import { initRow } from '../../recipe/init/init-rows';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { optimizerRow } from '../../recipe/optimizers/optimizers';
import { constantOf } from '../../recipe/optimizers/optimizer-row';
import { CONSTANT_IDS, CONSTANTS, UNIT_NAMES, type ConstantId } from '../../recipe/optimizers/constants';
import type { Field } from '../../recipe/plans/plan';
import { isRank } from '../../recipe/recipe';
import { rankPlans } from '../../recipe/rank/plan';
import { noRuleWords } from '../../recipe/rank/rules';
import { signatureOf, type Signature } from '../../recipe/signature';
import type { FieldAt } from '../documents/places';
import { bestPlan, changeOf, firstTarget, type SameRun } from '../best-plan';
import { code, plain, rulesTable, table } from './markdown';

interface HoverSubject extends FieldAt {
  text: string;
  reading: ConfigReading;
  /** The recipe as its trainer takes it. */
  trained: ReadRecipe;
  signature: Signature;
  /** The best plan for the target that a panel starts with. */
  example: SameRun | null;
}

/**
 * What a hyperparameter does in this run: paragraphs of Markdown without links. First its name and value, then the
 * numbers, then the reasons. None where there is nothing worth a hover.
 */
export function hoverWords(text: string, reading: ConfigReading, at: FieldAt, usual: number | null = null): string[] {
  const words = WORDS[at.field];
  if (!words) return [];
  const trained = asTrained(text, reading, at.recipe);
  const example = bestPlan(text, reading, at.network, firstTarget(at.recipe, usual));
  const subject: HoverSubject = { ...at, text, reading, trained, signature: signatureOf(trained), example };
  return words(subject).filter((part) => part !== '');
}

type SectionWords = (subject: HoverSubject) => string[];

const constantWords =
  (id: ConstantId): SectionWords =>
  (subject) => [
    heading(subject, subject.stated.path),
    moves(subject, id),
    l10n.t`A constant of ${optimizerName(subject)}, in units of ${UNIT_NAMES[CONSTANTS[id].unit]}.`,
  ];

const WORDS: Partial<Record<ReadField, SectionWords>> = {
  ...Object.fromEntries(CONSTANT_IDS.map((id) => [id, constantWords(id)])),
  alpha: (subject) =>
    subject.recipe.alphaIsIgnored === undefined ? alphaWords(subject) : ignoredAlpha(subject.recipe.alphaIsIgnored),
  rank: (subject) => [
    l10n.t`**Rank.** s = ${subject.recipe.alphaIsIgnored === undefined ? scalingEquation(subject.recipe) : '1'}`,
    impliedAlpha(subject),
    otherRank(subject.recipe),
    rankRule(subject.trained),
    l10n.t('Another rank is another run: A gets other random rows. A rule is a recommendation; the panel tests it.'),
  ],
  useRslora: ({ recipe }) => [
    l10n.t`**Rank stabilisation.** s = ${scalingEquation(recipe)}`,
    l10n.t('With it the scaling is alpha/√r, without it alpha/r.'),
  ],
  learningRate: (subject) => [
    heading(subject, l10n.t('Learning rate')),
    moves(subject, 'learningRate'),
    plusWords(subject.trained),
  ],
  loraplusLrRatio: (subject) => [
    heading(subject, l10n.t('LoRA+ ratio')),
    moves(subject, 'loraplusLrRatio'),
    plusWords(subject.trained) || l10n.t('The trainer ignores the ratio beside other settings of this file.'),
  ],
  weightDecay: (subject) => [
    heading(subject, l10n.t('Weight decay')),
    subject.trained.optimizer.weightDecay ? moves(subject, 'weightDecay') : '',
    decayWords(subject),
  ],
  maxGradNorm: (subject) => [
    heading(subject, l10n.t('Gradient clipping')),
    ...(subject.recipe.maxGradNorm
      ? [
          moves(subject, 'maxGradNorm'),
          l10n.t('If the norm of all gradients together is larger, all of them shrink by the same factor.'),
        ]
      : [l10n.t('Clipping is off.')]),
  ],
  maxGradValue: (subject) => [
    heading(subject, l10n.t('Gradient clipping by value')),
    ...(subject.recipe.maxGradValue
      ? [moves(subject, 'maxGradValue'), l10n.t('Larger elements of a gradient are cut to this size.')]
      : [l10n.t('Clipping is off.')]),
  ],
  eps: (subject) => [heading(subject, 'eps'), moves(subject, 'eps'), epsWords(subject.signature)],
  betas: (subject) => unitFree(subject, l10n.t('Betas'), l10n.t('How slowly the averages over the gradients forget.')),
  momentum: (subject) =>
    unitFree(subject, l10n.t('Momentum'), l10n.t('How slowly the average over the gradients forgets.')),
  optimizer: (subject) => optimizerWords(subject),
  init: ({ recipe }) => {
    const row = initRow(recipe.init);
    return row ? [`**Init.** ${row.title}`, row.says] : [];
  },
};

function alphaWords(subject: HoverSubject): string[] {
  return [
    `**${isDirect(subject) ? l10n.t('Scaling') : l10n.t('Alpha')}.** s = ${scalingEquation(subject.recipe)}`,
    changesTable(subject),
    isDirect(subject)
      ? l10n.t(
          'This number is the scaling of B·A; it is not divided by the rank. Changed alone, it gives a different run.',
        )
      : l10n.t('Changing alpha alone gives a different run: the gradients grow, and the init does not shrink.'),
  ];
}

function ignoredAlpha(why: string): string[] {
  return [
    l10n.t('**Alpha.** It has no effect here: s = 1'),
    plain(why),
    l10n.t('To learn faster or slower, change the learning rate.'),
  ];
}

function heading({ text, stated }: HoverSubject, name: string): string {
  const value = text.slice(stated.range.start, stated.range.end);
  return `**${plain(name)}.** ${code(`${stated.path} = ${value}`)}`;
}

function unitFree(subject: HoverSubject, name: string, what: string): string[] {
  return [heading(subject, name), l10n.t('Unchanged at every scaling: it has no unit.'), what];
}

function optimizerName({ trained: { optimizer } }: HoverSubject): string {
  return optimizerRow(optimizer.row)?.title ?? plain(optimizer.name ?? l10n.t('the optimizer'));
}

function isDirect({ recipe: { scalingRule } }: HoverSubject): boolean {
  return scalingRule === 'direct';
}

function targetWords(subject: HoverSubject, { alpha }: SameRun): string {
  return `${isDirect(subject) ? l10n.t('a scaling of') : 'alpha'} ${numberLabel(alpha)}`;
}

function impliedAlpha({ recipe: { stated, assumed, alpha }, reading }: HoverSubject): string {
  if (stated.alpha || assumed.alpha === undefined) return '';
  return l10n.t`alpha is not set, so it is ${numberLabel(alpha)}. ${plain(assumed.alpha)}${asOf(reading)}`;
}

function asOf({ source }: ConfigReading): string {
  return source ? l10n.t` (Defaults as of ${plain(sourceLabel(source))}.)` : '';
}

function otherRank({ scalingRule, rank, alpha, scaling, alphaIsIgnored }: ReadRecipe): string {
  if (alphaIsIgnored !== undefined) return l10n.t('The scaling is 1 here at every rank.');
  if (scalingRule === 'direct') return l10n.t('The file sets the scaling directly, so it does not depend on the rank.');
  const [root, factor] = scalingRule === 'rslora' ? ['√', Math.SQRT2] : ['', 2];
  return l10n.t`At rank ${rank * 2} and the same alpha the scaling would be ${numberLabel(scaling / factor)}; alpha ${numberLabel(alpha * factor)} (× ${root}2) would keep it.`;
}

/** `At rank 32: alpha 16, learning rate 2e-4 (recommended: Keep alpha and the learning rate).` */
function rankRule(recipe: ReadRecipe): string {
  const rank = recipe.rank * 2;
  if (recipe.alphaIsIgnored !== undefined || !isRank(rank)) return '';
  const plan = rankPlans(recipe, rank).find(({ claim }) => claim === 'recommended');
  if (!plan) return noRuleWords(recipe) ?? '';
  const { alpha, lr } = plan.to;
  const rate = lr === null ? '' : l10n.t`, learning rate ${numberLabel(lr)}`;
  return l10n.t`**At rank ${rank}: alpha ${numberLabel(alpha)}${rate}** (recommended: ${plain(plan.title)}).`;
}

function plusWords({ learningRate, lrB, loraplusLrRatio }: ReadRecipe): string {
  if (loraplusLrRatio === null || learningRate === null || lrB === null) return '';
  return l10n.t`With the LoRA+ ratio of ${numberLabel(loraplusLrRatio)}, A learns at ${numberLabel(learningRate)} and B at ${numberLabel(lrB)}.`;
}

/** What eps is added to, from its unit; empty if the optimizer is unknown. */
function epsWords({ row }: Signature): string {
  if (!row) return '';
  return constantOf(row, 'eps')?.power === 2
    ? l10n.t`${row.title} adds it to squares of the gradient, so it has the unit of the squared gradient.`
    : l10n.t('Added to the size of the gradient, by which the step is divided, so it has the unit of the gradient.');
}

function decayWords({ recipe, trained, signature: { row } }: HoverSubject): string {
  const { weightDecay } = recipe.optimizer;
  if (!weightDecay) return l10n.t('Weight decay is off.');
  if (!trained.optimizer.weightDecay) return l10n.t('The trainer ignores weight decay when a LoRA+ ratio is set.');
  if (row?.decay === 'coupled') return l10n.t`${row.title} adds it, times the weights, to the gradient.`;
  const { learningRate: rate, lrB } = trained;
  const share = (lr: number): string => numberLabel(lr * weightDecay);
  const step = !rate ? '' : lrB === null ? `: ${share(rate)}` : l10n.t`: A by ${share(rate)}, B by ${share(lrB)}`;
  return l10n.t`Each step shrinks A and B by learning rate × decay${step}${step && l10n.t(' at the peak learning rate')}.`;
}

/** The number at the example's scaling, and why: `At alpha 64: 0.0001 (÷ √k with k = 4; plan: exact)`. */
function moves(subject: HoverSubject, field: Field): string {
  const { example } = subject;
  const { row } = subject.signature;
  const change = example && changeOf(example.plan, field);
  if (!example || !change || change.factor === 1) {
    return row ? l10n.t`Unchanged at every scaling under ${row.title}.` : '';
  }
  const { law, to, why } = change;
  const words = `${law}${l10n.t` with k = ${numberLabel(example.k)}; plan: ${claimWords(example.plan.claim)}`}`;
  return `**${l10n.t`At ${targetWords(subject, example)}`}: ${code(to ?? law)}** (${words}). ${plain(why)}`;
}

/** Every number that moves with alpha, with the example. */
function changesTable(subject: HoverSubject): string {
  const { example, trained } = subject;
  if (!example) return trained.optimizer.unknown === undefined ? '' : plain(trained.optimizer.unknown);
  const rows = example.plan.configChanges
    .filter(({ factor }) => factor !== 1)
    .map(({ key, from, law, to }: ConfigChange) => [code(key), from ?? '', to === null ? '' : `**${to}**`, law]);
  const { claim } = example.plan;
  const lead = l10n.t`**At ${targetWords(subject, example)}: ${claimWords(claim)}** (k = ${numberLabel(example.k)}, ${subject.signature.row?.title ?? 'AdamW'})`;
  const limit = claimHeadline(claim) ?? claim.limit ?? '';
  const numbers = table(['', l10n.t('now'), l10n.t('then'), l10n.t('rule')], rows);
  return [lead, numbers, plain(limit)].filter((part) => part !== '').join('\n\n');
}

function optimizerWords(subject: HoverSubject): string[] {
  const { trained, recipe } = subject;
  const { optimizer } = trained;
  const row = optimizerRow(optimizer.row);
  if (!row) return [heading(subject, l10n.t('Optimizer')), plain(optimizer.unknown ?? '')];
  const implied = (['betas', 'eps', 'weightDecay', 'maxGradNorm'] as const).flatMap((field) => {
    const why = recipe.assumed[field];
    return why === undefined ? [] : [`- ${plain(why)}`];
  });
  return [
    l10n.t`**Optimizer.** ${row.title} (${code(optimizer.name ?? row.id)})`,
    row.noRule ? '' : rulesTable(row),
    plain(row.why),
    row.limit ? plain(row.limit.message) : '',
    implied.length === 0
      ? ''
      : [l10n.t`Defaults, because the file does not set them:${asOf(subject.reading)}`, '', ...implied].join('\n'),
  ];
}
