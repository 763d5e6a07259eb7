import * as l10n from '@vscode/l10n';
import { asTrained } from '../../config/plan/as-trained';
import { claimHeadline } from '../../config/plan/claim';
import type { ConfigChange } from '../../config/plan/config-change';
import type { ReadField, Reading, ReadRecipe } from '../../config/reading';
import { sourceLabel } from '../../config/trainers/source-label';
import { quantityFormula, quantityName } from '../../recipe/compare/words';
import { initRow } from '../../recipe/init/init';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { optimizerRow } from '../../recipe/optimizers/optimizers';
import { constantOf } from '../../recipe/optimizers/optimizer-row';
import { CONSTANT_IDS, CONSTANTS, type ConstantId } from '../../recipe/optimizers/constants';
import type { Field } from '../../recipe/plans/plan';
import { MAX_ALPHA } from '../../recipe/recipe';
import { signatureOf, valueOf, type QuantityKey, type Signature } from '../../recipe/signature';
import type { FieldAt } from '../documents/field-at';
import { bestPlan, changeOf, type SameRun } from '../best-plan';
import { code, plain, table } from './markdown';
import { rulesTable } from './rules-table';

/** Everything a hover is made from. */
interface HoverSubject extends FieldAt {
  text: string;
  reading: Reading;
  /** The recipe as its trainer takes it. */
  trained: ReadRecipe;
  signature: Signature;
  /** The same run at four times the scaling (a quarter where that is out of reach): an example with round numbers. */
  example: SameRun | null;
}

const FACTOR = 4;

/** What a hyperparameter means for this run: paragraphs of Markdown without links, the first a heading. None where there is nothing worth a hover. */
export function hoverWords(text: string, reading: Reading, at: FieldAt): string[] {
  const words = WORDS[at.field];
  if (!words) return [];
  const trained = asTrained(text, reading, at.recipe, at.network);
  const { scaling, alpha } = at.recipe;
  const target = { scaling: scaling * (alpha * FACTOR <= MAX_ALPHA ? FACTOR : 1 / FACTOR) };
  const example = bestPlan(text, reading, at.network, target);
  const scene: HoverSubject = { ...at, text, reading, trained, signature: signatureOf(trained), example };
  return words(scene).filter((part) => part !== '');
}

type SectionWords = (scene: HoverSubject) => string[];

const constantWords =
  (id: ConstantId): SectionWords =>
  (scene) => [
    heading(scene, scene.stated.path),
    l10n.t`A constant of ${optimizerName(scene)}, in units of ${CONSTANTS[id].unit}.`,
    moves(scene, id),
    entries(scene, (key) => key.startsWith(id)),
  ];

const WORDS: Partial<Record<ReadField, SectionWords>> = {
  ...Object.fromEntries(CONSTANT_IDS.map((id) => [id, constantWords(id)])),
  alpha: (scene) =>
    scene.recipe.alphaIsIgnored === undefined ? alphaWords(scene) : ignoredAlpha(scene.recipe.alphaIsIgnored),
  rank: (scene) => [
    l10n.t`**Rank.** s = ${scene.recipe.alphaIsIgnored === undefined ? scalingEquation(scene.recipe) : '1'}`,
    impliedAlpha(scene),
    otherRank(scene.recipe),
    l10n.t(
      'Another rank is another run: A gets other random rows. Which learning rate is best then depends on optimizer and task, so it is measured, not computed.',
    ),
    entries(scene, isRate),
  ],
  useRslora: ({ recipe }) => [
    l10n.t`**Rank stabilisation.** s = ${scalingEquation(recipe)}`,
    l10n.t('With it the scaling is alpha/√r, without it alpha/r.'),
  ],
  learningRate: (scene) => [
    heading(scene, l10n.t('Learning rate')),
    plusWords(scene.trained),
    moves(scene, 'learningRate'),
    entries(scene, isRate),
  ],
  loraplusLrRatio: (scene) => [
    heading(scene, l10n.t('LoRA+ ratio')),
    plusWords(scene.trained) ||
      l10n.t('This trainer does not combine it with what else the file sets, so it has no effect here.'),
    moves(scene, 'loraplusLrRatio'),
    entries(scene, isRate),
  ],
  weightDecay: (scene) => [
    heading(scene, l10n.t('Weight decay')),
    decayWords(scene),
    scene.trained.optimizer.weightDecay ? moves(scene, 'weightDecay') : '',
    entries(scene, (key) => key.startsWith('decay')),
  ],
  maxGradNorm: (scene) => [
    heading(scene, l10n.t('Gradient clipping')),
    scene.recipe.maxGradNorm
      ? l10n.t('Where the norm of all gradients together is larger than this, all are made smaller by the same factor.')
      : l10n.t('Clipping is off.'),
    moves(scene, 'maxGradNorm'),
    entries(scene, (key) => /^clip[ABM]$/.test(key)),
  ],
  maxGradValue: (scene) => [
    heading(scene, l10n.t('Gradient clipping by value')),
    scene.recipe.maxGradValue ? l10n.t('No element of a gradient gets larger than this.') : l10n.t('Clipping is off.'),
    moves(scene, 'maxGradValue'),
    entries(scene, (key) => key.startsWith('clipValue')),
  ],
  eps: (scene) => [
    heading(scene, 'eps'),
    epsWords(scene.signature),
    moves(scene, 'eps'),
    entries(scene, (key) => /^eps[ABM]$/.test(key)),
  ],
  betas: (scene) => unitFree(scene, l10n.t('Betas'), l10n.t('How slowly the averages over the gradients forget')),
  momentum: (scene) => unitFree(scene, l10n.t('Momentum'), l10n.t('How slowly the average over the gradients forgets')),
  optimizer: (scene) => optimizerWords(scene),
  init: ({ recipe }) => {
    const row = initRow(recipe.init);
    return row ? [`**Init.** ${row.title}`, row.says] : [];
  },
};

function alphaWords(scene: HoverSubject): string[] {
  return [
    `**${isDirect(scene) ? l10n.t('Scaling') : l10n.t('Alpha')}.** s = ${scalingEquation(scene.recipe)}`,
    isDirect(scene)
      ? l10n.t(
          'This number is the scaling of B·A; it is not divided by the rank. Changing it alone gives a different run: the gradients grow, and the init does not shrink.',
        )
      : l10n.t(
          'The layer multiplies B·A by the scaling s. Changing alpha alone gives a different run: the gradients grow, and the init does not shrink.',
        ),
    changesTable(scene),
    entries(scene, isRate),
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

function unitFree(scene: HoverSubject, name: string, what: string): string[] {
  return [heading(scene, name), l10n.t`${what}: a number without a unit. It stays as it is at every scaling.`];
}

function optimizerName({ trained: { optimizer } }: HoverSubject): string {
  return optimizerRow(optimizer.row)?.title ?? plain(optimizer.name ?? l10n.t('the optimizer'));
}

function isDirect({ recipe: { scalingRule } }: HoverSubject): boolean {
  return scalingRule === 'direct';
}

/** Where the example leads. */
function targetWords(scene: HoverSubject, { alpha }: SameRun): string {
  return `${isDirect(scene) ? l10n.t('a scaling of') : 'alpha'} ${numberLabel(alpha)}`;
}

/** What alpha is where nobody wrote one, and why. */
function impliedAlpha({ recipe: { stated, assumed, alpha }, reading }: HoverSubject): string {
  if (stated.alpha || assumed.alpha === undefined) return '';
  return l10n.t`Nobody wrote an alpha, so it is ${numberLabel(alpha)}. ${plain(assumed.alpha)}${asOf(reading)}`;
}

/** Which version of the trainer its defaults are those of. */
function asOf({ source }: Reading): string {
  return source ? l10n.t` (Defaults as of ${plain(sourceLabel(source))}.)` : '';
}

function otherRank({ scalingRule, rank, alpha, scaling, alphaIsIgnored }: ReadRecipe): string {
  if (alphaIsIgnored !== undefined) return l10n.t('The scaling is 1 here at every rank.');
  if (scalingRule === 'direct') return l10n.t('The scaling is set directly here, so the rank has no part in it.');
  const [root, factor] = scalingRule === 'rslora' ? ['√', Math.SQRT2] : ['', 2];
  return l10n.t`At rank ${rank * 2} and the same alpha the scaling would be ${numberLabel(scaling / factor)}; alpha ${numberLabel(alpha * factor)} (× ${root}2) would keep it.`;
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
  if (!trained.optimizer.weightDecay)
    return l10n.t('With a LoRA+ ratio this trainer does not hand weight decay on: it has no effect here.');
  if (row?.decay === 'coupled') return l10n.t`${row.title} adds it, times the weights, to the gradient.`;
  const { learningRate: rate, lrB } = trained;
  const share = (lr: number): string => numberLabel(lr * weightDecay);
  const step = !rate ? '' : lrB === null ? `: ${share(rate)}` : l10n.t`: A by ${share(rate)}, B by ${share(lrB)}`;
  return l10n.t`Each step shrinks A and B by learning rate × decay${step}${step && l10n.t(' at the full rate')}.`;
}

/** How the number moves with the scaling under this optimizer, with an example and the reason. */
function moves(scene: HoverSubject, field: Field): string {
  const {
    example,
    signature: { row },
  } = scene;
  const change = example && changeOf(example.plan, field);
  if (!example || !change || change.factor === 1) {
    return row ? l10n.t`It stays as it is when the scaling moves, under ${row.title}.` : '';
  }
  const to = change.to === null ? '' : `: ${code(change.to)} at ${targetWords(scene, example)}`;
  return l10n.t`When the scaling moves by k, it moves **${change.law}**${to}. ${plain(change.why)}`;
}

/** Every number that moves with alpha, with the example. */
function changesTable(scene: HoverSubject): string {
  const {
    example,
    recipe,
    trained,
    signature: { row },
  } = scene;
  if (!example) return trained.optimizer.unknown === undefined ? '' : plain(trained.optimizer.unknown);
  const rows = example.plan.rows
    .filter(({ factor }) => factor !== 1)
    .map(({ key, from, law, to }: ConfigChange) => [code(key), from ?? '', law, to ?? '']);
  const { claim, exactness } = example.plan;
  const open = claimHeadline(claim);
  const aim =
    exactness === 'approximate' && open === null
      ? l10n.t('To stay close to the same run')
      : l10n.t('To stay the same run');
  const lead = l10n.t`${open === null ? '' : `${plain(open)}. `}${aim} under ${row?.title ?? 'AdamW'}, from ${numberLabel(recipe.alpha)} to ${targetWords(scene, example)} (k = ${numberLabel(example.k)}):`;
  return `${lead}\n\n${table(['', l10n.t('now'), l10n.t('rule'), l10n.t('then')], rows)}`;
}

function isRate(key: QuantityKey): boolean {
  return ['pace', 'reach', 'rateA', 'rateB', 'rateM'].includes(key);
}

/** The numbers of the signature that this one is part of: what decides the run, whatever its scaling. */
function entries({ signature }: HoverSubject, wanted: (key: QuantityKey) => boolean): string {
  const { quantities, isRelative, row } = signature;
  const lines = (Object.keys(quantities) as QuantityKey[]).filter(wanted).flatMap((key) => {
    const quantity = quantities[key];
    const value = quantity ? valueOf(quantity) : null;
    if (!quantity || value === null || value === 0) return [];
    const formula = quantityFormula(key, signature);
    return [
      `- ${quantityName(key, quantity.factor)}${formula === '' ? '' : `: ${code(formula)}`} = ${numberLabel(value)}`,
    ];
  });
  if (lines.length === 0 || !row) return '';
  const unit = isRelative ? l10n.t(' (σ, the size of the init, counts as 1)') : '';
  return [l10n.t`Part of what decides the run, whatever the scaling${unit}:`, '', ...lines].join('\n');
}

function optimizerWords(scene: HoverSubject): string[] {
  const { trained, recipe } = scene;
  const { optimizer } = trained;
  const row = optimizerRow(optimizer.row);
  if (!row) return [heading(scene, l10n.t('Optimizer')), plain(optimizer.unknown ?? '')];
  const implied = (['betas', 'eps', 'weightDecay', 'maxGradNorm'] as const).flatMap((field) => {
    const why = recipe.assumed[field];
    return why === undefined ? [] : [`- ${plain(why)}`];
  });
  return [
    l10n.t`**Optimizer.** ${row.title} (${code(optimizer.name ?? row.id)})`,
    plain(row.why),
    row.rule === 'none' ? '' : rulesTable(row),
    row.limit ? plain(row.limit.message) : '',
    implied.length === 0 ? '' : [l10n.t`Not written, and so:${asOf(scene.reading)}`, '', ...implied].join('\n'),
  ];
}
