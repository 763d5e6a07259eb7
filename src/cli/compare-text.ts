import { UNSAID, type Compared, type Comparison } from '../recipe/compare/compare';
import { quantityFormula, quantityName } from '../recipe/compare/words';
import { numberLabel, scalingEquation } from '../recipe/notation';
import { isOne } from '../recipe/compare/ratio';
import type { SameChange, Way } from '../recipe/compare/same-run';
import type { QuantityKey } from '../recipe/signature';
import { keysOf, type FieldKey } from '../config/keys';
import type { Paint, Style } from './colour';
import type { Chosen } from './config-file';
import { table, wrap } from './table';

const WIDTH = 78;

/** What `compare` says, for people: both configs, the verdict, what differs and why, and what would make them one run. */
export function comparisonText(chosen: readonly [Chosen, Chosen], comparison: Comparison, paint: Paint): string {
  const parts = [
    headsText(chosen, paint),
    verdictText(comparison, paint),
    differencesText(comparison, paint),
    reasonsText(comparison, paint),
    waysText(chosen[1], comparison, paint),
    footText(comparison, paint),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function headsText(chosen: readonly [Chosen, Chosen], paint: Paint): string {
  const head = ({ file, reading, recipe }: Chosen, label: string): string[] => {
    const what = [
      reading.trainerName ?? reading.trainer ?? 'LoRA',
      recipe.optimizer.name ?? 'optimizer not stated',
      `rank ${recipe.rank}`,
      ...(reading.recipes.length > 1 ? [`network ${recipe.name}`] : []),
    ].join(' · ');
    return [
      `${paint('dim', label.padEnd(6))}  ${paint('bold', file.path)}`,
      `        ${paint('dim', what)}`,
      `        s = ${scalingEquation(recipe)}`,
    ];
  };
  return `${[...head(chosen[0], 'first'), ...head(chosen[1], 'second')].join('\n')}\n`;
}

const MARKS: Readonly<Record<'true' | 'false' | 'null', { mark: string; style: Style }>> = {
  true: { mark: '✓', style: 'green' },
  false: { mark: '✗', style: 'red' },
  null: { mark: '?', style: 'yellow' },
};

function verdictText({ same, meaning }: Comparison, paint: Paint): string {
  const { mark, style } = MARKS[`${same}`];
  const [headline = '', ...rest] = wrap(`${mark} ${meaning}`, WIDTH).split('\n');
  return `${[paint(style, headline), ...rest.map((line) => paint(style, `  ${line}`))].join('\n')}\n`;
}

/** Every quantity, or those that differ where the runs are different; then what is the same in one line. */
function differencesText({ compared, signatures, same }: Comparison, paint: Paint): string {
  const shown = compared.filter((each) => each.same === false || (same === true && isQuantity(each, signatures)));
  if (shown.length === 0) return '';
  const rows = shown.map((each) => {
    const formula = isQuantity(each, signatures) ? quantityFormula(each.key as QuantityKey, signatures[0]) : '';
    const name = nameOf(each, signatures);
    return [
      name,
      paint('dim', formula),
      shownValue(each.first),
      paint('bold', shownValue(each.second)),
      ratioText(each),
    ];
  });
  const head = ['', '', 'first', 'second', 'ratio'].map((cell) => paint('dim', cell));
  const equal = compared.filter((each) => each.same === true && !shown.includes(each) && !isOff(each));
  const alike =
    equal.length === 0 ? '' : wrap(`The same: ${equal.map((each) => nameOf(each, signatures)).join(', ')}.`, WIDTH);
  return `${table([head, ...rows], ['left', 'left', 'right', 'right', 'left'])}\n${alike === '' ? '' : `${paint('dim', alike)}\n`}`;
}

/** A switch or an option that is off in both says nothing to anybody. */
function isOff({ first }: Compared): boolean {
  return first === null || first === 0 || first === 'no' || first === 'none' || first === 'full';
}

function isQuantity({ key }: Compared, [{ quantities }]: Comparison['signatures']): boolean {
  return key in quantities;
}

function nameOf({ key }: Compared, signatures: Comparison['signatures']): string {
  return quantityName(key, signatures[0].quantities[key as QuantityKey]?.factor ?? null);
}

function shownValue(value: Compared['first']): string {
  if (value === null) return 'not stated';
  if (typeof value === 'number') return numberLabel(value, 6);
  return value.length > 20 ? `${value.slice(0, 19)}…` : value;
}

function ratioText({ ratio, same }: Compared): string {
  if (ratio === null) return '';
  if (same === true) return 'same';
  return ratio >= 1 ? `× ${numberLabel(ratio, 6)}` : `÷ ${numberLabel(1 / ratio, 6)}`;
}

/** What each difference means, and what cannot be compared. */
function reasonsText({ compared, signatures, meaning }: Comparison, paint: Paint): string {
  const said = ({ key, why }: Compared): boolean =>
    meaning.includes(why) || ((key === 'pace' || key === 'reach') && meaning.includes(' learn'));
  const lines = compared
    .filter((each) => each.same !== true && !said(each))
    .map((each) => {
      const mark = each.same === null ? paint('yellow', '?') : paint('dim', '·');
      return `${mark} ${wrap(`${nameOf(each, signatures)}: ${each.why}`, WIDTH, '  ').trimStart()}`;
    });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** The ways the trainer's config can go come first; at most two are shown. */
function waysText(second: Chosen, { ways }: Comparison, paint: Paint): string {
  const keys = keysOf(second.file.text, second.reading, second.index);
  const [best, next] = [...ways].sort(
    (x, y) => x.left.length - y.left.length || missingOf(x, keys) - missingOf(y, keys) || 0,
  );
  if (!best) return '';
  const shown = [best, ...(next && next.left.length === best.left.length ? [next] : [])];
  const lead = `To make the second the same run as the first, change in ${second.file.path}`;
  const texts = shown.map((way) => wayText(way, keys, paint));
  return `${wrap(lead, WIDTH)}\n${texts.join(`\n${paint('dim', 'or')}\n`)}\n`;
}

function missingOf({ changes }: Way, keys: (field: string) => FieldKey): number {
  return changes.filter(({ field }) => field !== 'init' && !keys(field).isSettable).length;
}

function wayText({ changes, init, left }: Way, keys: (field: string) => FieldKey, paint: Paint): string {
  const rows = changes.flatMap((change) => {
    const { field } = change;
    if (field === 'init') return initRows(init, paint);
    const { label, isSettable } = keys(field);
    const name = label ?? FIELD_NAMES[field] ?? field.replace(/^option /, '');
    const remark = isSettable ? '' : paint('yellow', 'no key of this trainer');
    return [[`  ${name}`, shownValue(change.from), '→', paint('bold', targetText(change)), remark]];
  });
  const over = left.map((key) => quantityName(key)).join(', ');
  const rest = `\n${wrap(`What differs then: ${over}; one number cannot be right for A and B.`, WIDTH, '  ')}`;
  return `${table(rows, ['left', 'right'])}${over === '' ? '' : rest}`;
}

function initRows(init: Way['init'], paint: Paint): string[][] {
  const factors = [['A', init.A] as const, ['B', init.B] as const].filter(([, factor]) => !isOne(factor));
  return factors.map(([name, factor]) => [
    `  init of ${name}`,
    '1',
    '→',
    paint('bold', numberLabel(factor, 6)),
    paint('dim', 'in code'),
  ]);
}

function targetText({ to, factor }: SameChange): string {
  if (to !== null) return shownValue(to);
  return factor === null ? 'as in the first' : `the first's × ${numberLabel(factor, 6)}`;
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  learningRate: 'learning rate',
  loraplusLrRatio: 'LoRA+ ratio',
  weightDecay: 'weight decay',
  maxGradNorm: 'max grad norm',
  maxGradValue: 'max grad value',
  targetModules: 'target modules',
  useDora: 'DoRA',
  stateBits: 'precision of the states',
  unscaled: 'modules trained whole',
  warmup: 'warm-up',
};

function footText({ signatures }: Comparison, paint: Paint): string {
  const unit =
    signatures[0].isRelative && signatures[0].row
      ? ' σ is the size of the init, which is the same in both and so taken as 1.'
      : '';
  const text = `Taken as the same, because no config says it: ${UNSAID}. Numbers within 2e-5 of each other are the same: six written digits say no more.${unit}`;
  return `${paint('dim', wrap(text, WIDTH))}\n`;
}
