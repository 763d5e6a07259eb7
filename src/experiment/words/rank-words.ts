import * as l10n from '@vscode/l10n';
import { factorLabel, numberLabel } from '../../recipe/notation';
import type { Measured } from '../rank/measured';
import { CONTROL_HOLDS, type MeasuredPlan, type Probe } from '../rank/probe';
import { WIDTH } from '../rank/specs';
import { sizeWords } from './sizes';

export interface RankVerdict {
  kind: 'measured' | 'undecided';
  headline: string;
  evidence: string;
  aside: string;
}

/** `× 1.06, ×/÷ 1.3`: a shift and its interval. */
export function shiftLabel({ shift, interval }: Pick<Measured, 'shift' | 'interval'>): string {
  const spread = interval ? `, ×/÷ ${numberLabel(interval.high / shift, 2)}` : '';
  return `${factorLabel(shift, 3)}${spread}`;
}

/** Where the best learning rate goes, in a sentence. @param where `With alpha kept` */
export function transferWords(where: string, measured: Measured): string {
  const label = shiftLabel(measured);
  switch (measured.verdict) {
    case 'stays':
      return l10n.t`${where} the best learning rate stays (${label}).`;
    case 'moves':
      return measured.shift < 1
        ? l10n.t`${where} the best learning rate falls (${label}).`
        : l10n.t`${where} the best learning rate rises (${label}).`;
    case 'flat':
      return l10n.t`${where} the learning rate hardly matters here: a range of ${numberLabel(measured.basin, 2)} octaves is within 5 % of the best.`;
    case 'undecided':
      return l10n.t`${where} it is undecided (${label}): ${reasonWords(measured)}`;
  }
}

function reasonWords({ reason }: Measured): string {
  switch (reason) {
    case 'not-learning':
      return l10n.t('nothing is learned at these numbers. More steps, or another optimizer setting, would show more.');
    case 'at-the-edge':
      return l10n.t('the best learning rate lies at the edge of those that were trained. More of them would show it.');
    case 'few-draws':
      return l10n.t('one run at each learning rate has no interval. Further seeds would give it.');
    default:
      return l10n.t('the draws disagree. More of them would narrow it.');
  }
}

/** What the measurement says of the first plan, and beside it of the other scalings. */
export function rankVerdict({ plans, size, ranks, control }: Probe): RankVerdict {
  const [first] = plans;
  const steps = size.steps;
  if (!first) return { kind: 'undecided', headline: l10n.t('Nothing was measured'), evidence: '', aside: '' };
  const { transfer } = first;
  const isOff = control !== null && !(control <= CONTROL_HOLDS);
  const others = plans.filter(({ plan }, i) => i === plans.findIndex((one) => one.plan.to.alpha === plan.to.alpha));
  const evidence = others.map(({ plan, transfer: own }) => transferWords(whereOf(plan), own)).join(' ');
  const model = l10n.t`a test model (${size.task}, width ${WIDTH}, ranks ${ranks.from} and ${ranks.to}, ${size.draws} draws)`;
  const loss = sizeWords(Math.max(0, transfer.regret));
  const aside = [
    l10n.t`Measured on ${model} in ${steps} steps, with this optimizer. Your model may differ, and the best learning rate itself does not transfer, nor to other numbers of steps.`,
    l10n.t`Left alone, the learning rate costs ${loss} of what training wins there.`,
    ...(control === null || isOff ? [] : [l10n.t`The control, A's rows repeated, is off by ${sizeWords(control)}.`]),
  ].join(' ');
  if (isOff) {
    const said = l10n.t`A's rows repeated should give the same run, and the loss is off by ${sizeWords(control)}: the model is too sensitive to tell.`;
    return { kind: 'undecided', headline: l10n.t`Test model, ${steps} steps: undecided`, evidence: said, aside };
  }
  const kind = transfer.verdict === 'undecided' ? 'undecided' : 'measured';
  return { kind, headline: headlineOf(transfer, steps), evidence, aside };
}

function headlineOf({ verdict, shift }: Measured, steps: number): string {
  if (verdict === 'undecided') return l10n.t`Test model, ${steps} steps: undecided`;
  if (verdict === 'flat') return l10n.t`Test model, ${steps} steps: the learning rate hardly matters here`;
  if (verdict === 'stays') return l10n.t`Test model, ${steps} steps: the best learning rate stays`;
  if (shift < 1) return l10n.t`Test model, ${steps} steps: the best learning rate falls`;
  return l10n.t`Test model, ${steps} steps: the best learning rate rises`;
}

export function whereOf({ from, to }: MeasuredPlan['plan']): string {
  return from.alpha === to.alpha ? l10n.t('With alpha kept') : l10n.t`With alpha ${numberLabel(to.alpha)}`;
}
