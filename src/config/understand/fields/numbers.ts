import * as l10n from '@vscode/l10n';
import { CONSTANT_IDS } from '../../../recipe/optimizers/constants';
import type { OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import { ALPHA_RANGE, isAlpha, isRank, isUsable, RANK_RANGE, USABLE } from '../../../recipe/recipe';
import type { Finding, ReadField } from '../../reading';
import { formatNumber } from '../../syntax/numbers';
import { isTextTo, isTextToPyYaml, numberIn } from '../../syntax/scalars';
import { isDefault, literalBehind, nodeAt } from '../../syntax/tree';
import type { Source } from '../../trainers/shared/fields';
import { notedAt, noteBadValue, type Context, type ReadValue, type StatedValue } from './values';

interface Limit {
  holds: (value: number) => boolean;
  right: string;
}

const belowOne: Limit = { holds: (value) => value >= 0 && value < 1, right: l10n.t('a number from 0 to below 1') };

const SIZES = [...CONSTANT_IDS, 'learningRate', 'weightDecay', 'maxGradNorm', 'maxGradValue', 'warmup'];

const ALPHA: Limit = { holds: isAlpha, right: l10n.t`a number ${ALPHA_RANGE}` };
const LIMITS: Partial<Record<ReadField, Limit>> = {
  ...Object.fromEntries(SIZES.map((id) => [id, { holds: isUsable, right: USABLE }])),
  rank: { holds: isRank, right: RANK_RANGE },
  alpha: ALPHA,
  multiplier: ALPHA,
  momentum: belowOne,
  loraplusLrRatio: { holds: (value) => value > 0 && isUsable(value), right: l10n.t('a number above 0') },
  dropout: belowOne,
  betas: belowOne,
};

/** The number of a field as the trainer takes it, if it is valid. */
export const numberFrom: ReadValue<number> = (context, stated, field) => {
  const value = toNumber(context, stated);
  const limit = LIMITS[field];
  if (value === null || !limit) return value;
  const { key, node } = stated;
  if (limit.holds(value)) {
    const right = field === 'rank' ? limit.right : l10n.t('a whole number');
    return (field === 'alpha' || field === 'rank') && !isWhole(context, stated)
      ? noteBadValue(context, { ...stated, value: literalBehind(node).raw }, right)
      : value;
  }
  if (!isDefault(node.lock)) return noteBadValue(context, { ...stated, value }, limit.right);
  // Programs default the rank to 0 for "no LoRA"; a run with LoRA sets another value.
  const message = l10n.t`${key.label} defaults to ${value} and must be ${limit.right} in a run. The value of the run is not in this file.`;
  context.notes.add('info', 'value-elsewhere', message, node.inner);
  return null;
};

/**
 * Whether a trainer that takes whole numbers takes this literal. int() of Python, to which argparse and jsonargparse hand
 * it, takes digits; pydantic takes a float without a fraction besides, and a text with zeros behind the point.
 */
function isWhole({ layout: { wholeAlpha }, document, loader }: Context, { node, value }: StatedValue): boolean {
  const { raw } = literalBehind(node);
  if (!wholeAlpha || document.syntax === 'python' || numberIn(raw.trim()) === undefined) return true;
  if (wholeAlpha === 'int') return /^\s*[-+]?\d[\d_]*\s*$/.test(raw);
  const isText = node.quoted || isTextTo(raw, loader?.numbers);
  return isText ? /^\s*[-+]?\d[\d_]*(?:\.0+)?\s*$/.test(raw) : Number.isInteger(value);
}

function toNumber(context: Context, stated: StatedValue): number | null {
  const { value, key } = stated;
  const node = literalBehind(stated.node);
  const { trainer, notes } = context;
  if (typeof value === 'number') {
    const why = node.quoted ? null : whyText(context, node.raw);
    const text = formatNumber(value, true);
    const title = l10n.t`Write ${text}`;
    const fixes = [{ title, preferred: true, replace: { range: node.inner, text } }];
    if (why) notes.add(why.severity, 'number-as-text', `${key.label}: ${why.message}`, node.inner, fixes);
    return value;
  }
  const number = typeof value === 'string' ? numberIn(value.trim()) : undefined;
  if (number === undefined) return noteBadValue(context, stated, l10n.t('a number'));
  if (trainer.textNumbers === 'converts') return number;
  const message = l10n.t`${key.label} is a string; ${trainer.name} does not convert it to a number, and the run stops.`;
  const fix = { title: l10n.t('Remove the quotes'), preferred: true, replace: { range: node.range, text: node.raw } };
  notes.add('warning', 'number-as-text', message, node.inner, node.quoted && !node.raw.includes('${') ? [fix] : []);
  return number;
}

/** Why a number without quotes reaches the trainer as a string, where that stops it. */
function whyText({ trainer, loader }: Context, raw: string): Pick<Finding, 'severity' | 'message'> | null {
  if (!loader?.numbers || trainer.textNumbers === 'converts') return null;
  if (trainer.dotlessNumbers && isTextToPyYaml(raw)) return { severity: 'info', message: trainer.dotlessNumbers };
  if (!isTextTo(raw, loader.numbers)) return null;
  return { severity: 'warning', message: l10n.t`${loader.name} reads ${raw} as a string, and ${trainer.name} stops.` };
}

type Pair = readonly [number, number];

/**
 * Two numbers: from two keys, from a list, or from a string such as `0.9,0.99`. A third item is an option of the row.
 * @param fallback what a key that is not set stands for
 * @param row an unknown optimizer may take two or three
 * @returns null if the file sets none; without a value if it is invalid
 */
export function betasAt(
  context: Context,
  { keys: [first, second] }: Source,
  fallback: Pair | null,
  row: OptimizerRow | null,
): { value: Pair | null; stated: StatedValue } | null {
  if (!first) return null;
  if (second) {
    const pair = [first, second].map((key) => notedAt(context, { keys: [key] }));
    const stated = pair.find((each) => each !== null);
    if (!stated) return null;
    const [a, b] = pair.map((each, i) => (each ? numberFrom(context, each, 'betas') : fallback?.[i]));
    if (a === null || b === null) return { value: null, stated };
    return a === undefined || b === undefined || !fallback ? null : { value: [a, b], stated };
  }
  const node = nodeAt(context.root, first.path);
  const anchor = node?.kind === 'list' ? node.items.find((item) => item.kind === 'scalar') : node;
  if (!node || anchor?.kind !== 'scalar' || (anchor === node && anchor.value === null)) return null;
  const texts =
    node.kind === 'list'
      ? node.items.map((item) => (item.kind === 'scalar' ? String(item.value) : ''))
      : String(anchor.value)
          .replace(/^\s*[[(]|[\])]\s*$/g, '')
          .split(',');
  const stated: StatedValue = { key: first, node: anchor, value: texts.join(',') };
  const [a, b, ...more] = texts.map((text) => numberIn(text.trim()));
  const isGood = [a, b, ...more].every((beta) => beta !== undefined && LIMITS.betas?.holds(beta));
  const isCounted = row ? more.length === (row.options?.beta3 === undefined ? 0 : 1) : more.length < 2;
  if (isGood && isCounted && a !== undefined && b !== undefined) return { value: [a, b], stated };
  const right = l10n.t('numbers from 0 to below 1, as many as the optimizer takes');
  return { value: noteBadValue(context, stated, right), stated };
}
