import * as l10n from '@vscode/l10n';
import { initFacts } from '../../recipe/init/facts';
import { factorLabel, numberLabel } from '../../recipe/notation';
import { rowFor } from '../../recipe/optimizers/optimizers';
import type { Recipe } from '../../recipe/recipe';
import type { Measured } from '../rank/measured';
import { CONTROL_HOLDS, type Probe } from '../rank/probe';
import { WIDTH } from '../rank/specs';
import { sizeWords } from './sizes';

/** Why the test model cannot show where a recipe's best learning rate goes; null where it can. */
export function unfitWords(recipe: Recipe): string | null {
  const row = rowFor(recipe.optimizer);
  const named = row?.title ?? recipe.optimizer.name ?? '';
  if (!row) return l10n.t`The optimizer ${named} is unknown, so nothing can be trained.`;
  if (row.rate === 'fixed') return l10n.t`${named} sets its own learning rate, so there is none to move.`;
  return initFacts(recipe).trains ? l10n.t('This init freezes B, which the test model trains.') : null;
}

/** `× 1.06, ×÷ 1.3`: a shift and its interval, each on one line: a slash would let it break. */
export function shiftLabel({ shift, interval }: Pick<Measured, 'shift' | 'interval'>): string {
  const spread = interval ? `, ×÷\u00a0${numberLabel(interval.high / shift, 2)}` : '';
  return `${factorLabel(shift, 3).replace(' ', '\u00a0')}${spread}`;
}

/** Where the best learning rate goes, in a sentence. @param where `With alpha kept` */
export function transferWords(where: string, measured: Measured): string {
  const { verdict, reason = 'wide-interval', basin } = measured;
  const label = shiftLabel(measured);
  if (verdict === 'undecided') return l10n.t`${where} it is undecided (${label}): ${REASONS[reason]}`;
  return verdict === 'flat'
    ? l10n.t`${where} the learning rate hardly matters here: a range of ${numberLabel(basin, 2)} octaves is within 5 % of the best.`
    : l10n.t`${where} ${moveWords(measured)} (${label}).`;
}

/** An interval that ends further away than this factor does not show that the learning rate stays. */
const STAYS = 1.5;

function moveWords({ verdict, shift, interval }: Measured): string {
  if (verdict === 'flat') return l10n.t('the learning rate hardly matters here');
  if (verdict === 'moves' && shift < 1) return l10n.t('the best learning rate falls');
  if (verdict === 'moves') return l10n.t('the best learning rate rises');
  const isClose = interval && Math.max(interval.high, 1 / interval.low) <= STAYS;
  return isClose ? l10n.t('the best learning rate stays') : l10n.t('no move of the best learning rate shows');
}

const REASONS: Readonly<Record<NonNullable<Measured['reason']>, string>> = {
  'not-learning': l10n.t(
    'nothing is learned at these numbers. More steps, or another optimizer setting, would show more.',
  ),
  single: l10n.t('the loss is low at one learning rate alone. More draws would show whether that is chance.'),
  'at-the-edge': l10n.t(
    'the best learning rate lies at the edge of those that were trained. More of them would show it.',
  ),
  'few-draws': l10n.t('one run at each learning rate has no interval. Further seeds would give it.'),
  'wide-interval': l10n.t('the draws disagree. More of them would narrow it.'),
};

/** What it costs to keep the learning rate at another rank. */
export const costWords = ({ regret }: Pick<Measured, 'regret'>): string =>
  l10n.t`Left alone, the learning rate costs ${sizeWords(Math.max(0, regret))} of what training wins there.`;

type RankVerdict = Record<'headline' | 'evidence' | 'aside', string> & { kind: 'measured' | 'undecided' };

/** What the measurement says of the first plan, then of the other scalings. */
export function rankVerdict({ plans, size, ranks, control }: Probe): RankVerdict {
  const transfer = plans[0]?.transfer;
  const isOff = control !== null && !(control <= CONTROL_HOLDS);
  const known = isOff || transfer?.verdict === 'undecided' ? undefined : transfer;
  const others = plans.filter(({ plan }, i) => i === plans.findIndex((one) => one.plan.to.alpha === plan.to.alpha));
  const evidence = others.map(({ plan: { from, to }, transfer: own }) => {
    const where = from.alpha === to.alpha ? l10n.t('With alpha kept') : l10n.t`With alpha ${numberLabel(to.alpha)}`;
    return transferWords(where, own);
  });
  const model = l10n.t`a test model (${size.task}, width ${WIDTH}, ranks ${ranks.from} and ${ranks.to}, ${size.draws} draws)`;
  const aside = [
    l10n.t`Measured on ${model} in ${size.steps} steps, with this optimizer. Your model may differ, and the best learning rate itself does not transfer, nor to other numbers of steps.`,
    ...(transfer ? [costWords(transfer)] : []),
    ...(control === null || isOff ? [] : [l10n.t`The control, A's rows repeated, is off by ${sizeWords(control)}.`]),
  ];
  return {
    kind: known ? 'measured' : 'undecided',
    headline: l10n.t`Test model, ${size.steps} steps: ${known ? moveWords(known) : l10n.t('undecided')}`,
    evidence: isOff
      ? l10n.t`A's rows repeated should give the same run, and the loss is off by ${sizeWords(control)}: the model is too sensitive to tell.`
      : evidence.join(' '),
    aside: aside.join(' '),
  };
}
