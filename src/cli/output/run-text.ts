import type { ExperimentSpec, TrainedRun, VariantRole, VariantSpec } from '../../experiment/spec';
import type { Verdict } from '../../experiment/verdict/verdict';
import { curveLabel, FIT_LABEL, isFurther } from '../../experiment/words/curves';
import { deviationLabel, runSize, secondsLabel } from '../../experiment/words/sizes';
import { lookOf, type VerdictLook, verdictWords } from '../../experiment/words/verdict-words';
import { EXIT, type ExitCode } from '../failure';
import { type Paint, type Style, table, WIDTH, widthOf, wrap } from './text';

/** An experiment that was trained, and what came of it. */
export interface TrainedCheck {
  spec: ExperimentSpec;
  result: TrainedRun;
  verdict: Verdict;
  /** What the training assumed, in sentences. */
  assumptions: readonly string[];
}

/** Mark, colour and exit status of each verdict. */
export const VERDICTS: Readonly<Record<VerdictLook, { mark: string; style: Style; exitCode: ExitCode }>> = {
  identical: { mark: '✓', style: 'green', exitCode: EXIT.done },
  equivalent: { mark: '✓', style: 'green', exitCode: EXIT.done },
  different: { mark: '✗', style: 'red', exitCode: EXIT.different },
  nearly: { mark: '≈', style: 'cyan', exitCode: EXIT.nothing },
  undecided: { mark: '?', style: 'yellow', exitCode: EXIT.nothing },
};

/** The verdict in one sentence, its detail, and how far off the other ways are. */
export function verdictText({ spec, result, verdict }: TrainedCheck, paint: Paint): string {
  const { headline, detail, aside } = verdictWords(spec, verdict, result.fit);
  const { mark, style } = VERDICTS[lookOf(verdict)];
  return [
    paint(style, paint('bold', `${mark} ${headline}`)),
    wrap(detail, 78, '  '),
    ...(aside === '' ? [] : [paint('dim', wrap(aside, 78, '  '))]),
    '',
  ].join('\n');
}

/** {@link verdictText} on one line, for machines and for the report's description. */
export function verdictLine({ spec, result, verdict, assumptions }: TrainedCheck): string {
  const { headline, detail, aside } = verdictWords(spec, verdict, result.fit);
  const sentences = [headline, detail, aside, ...assumptions].filter((text) => text !== '');
  return sentences.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(' ');
}

/**
 * Label and largest deviation of every curve but the base's, over all draws; those that only measure rounding in one row.
 * What was trained on the first draw alone says so.
 */
export function variantRows({ spec, result: { fit }, verdict }: TrainedCheck): [string, string][] {
  const worst = (isMeant: (variant: VariantSpec) => boolean): string =>
    variantDeviation(Math.max(...verdict.deviations.filter((_, i) => spec.variants.slice(i, i + 1).some(isMeant))));
  const isListed = ({ role }: VariantSpec): boolean => !['base', 'control', 'rounded-rule'].includes(role);
  const listed = spec.variants.filter((each) => !isFurther(each) && isListed(each));
  const once = spec.seeds.length > 1 ? ` (seed ${spec.seeds[0]})` : '';
  const rows = listed.map((variant): [string, string] => {
    const isFamily = (other: VariantSpec): boolean => other.name === variant.name;
    const isOnce = spec.variants.filter(isFamily).length === 1;
    return [curveLabel(variant) + (isOnce ? once : ''), worst(isFamily)];
  });
  const best: [string, string][] = fit ? [[FIT_LABEL + once, variantDeviation(fit.deviation)]] : [];
  const together = (role: VariantRole, labelOf: (count: number) => string): [string, string][] => {
    const count = spec.variants.filter((each) => each.role === role).length;
    return count > 0 ? [[labelOf(count), worst((each) => each.role === role)]] : [];
  };
  return [
    ...rows,
    ...best,
    ...together('rounded-rule', (count) => `the rule at ${count} more scalings`),
    ...together('control', (count) => `rounding alone (${count} controls)`),
  ];
}

/** Over what a row's number is the largest. */
export function seedsWords({ seeds }: ExperimentSpec): string {
  return seeds.length > 1 ? `, worst of ${seeds.length} seeds` : '';
}

export function variantText(check: TrainedCheck, paint: Paint): string {
  const { spec } = check;
  const rows = variantRows(check);
  const under = (of: string): string =>
    table([['curve', `largest deviation${of}`].map((cell) => paint('dim', cell)), ...rows]);
  const text = under(spec.seeds.length > 1 ? seedsWords(spec) : ' of its loss from the baseline');
  return `${widthOf(text.split('\n', 1)[0] ?? '') > WIDTH ? under('') : text}\n`;
}

/** How it was trained, the run in numbers, and where the report went. */
export function footerText(check: TrainedCheck, report: string | undefined, paint: Paint): string {
  const lines = check.assumptions.map((text) => `- ${wrap(text, 78, '  ').trimStart()}`);
  const where = report === undefined ? '' : `Report: ${report}\n`;
  return `\n${paint('dim', ['How it was trained', ...lines, '', runSummary(check)].join('\n'))}\n${where}`;
}

/** `wasm · 14 variants × 200 steps · 0.41 s` */
export function runSummary({ spec, result: { backend, ms } }: TrainedCheck): string {
  return `${backend} · ${runSize(spec)} · ${secondsLabel(ms)}`;
}

function variantDeviation(deviation: number): string {
  return deviation === 0 ? '0 (same bits)' : deviationLabel(deviation);
}
