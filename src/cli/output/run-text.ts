import type { Verdict } from '../../experiment/verdict/verdict';
import type { ExperimentSpec, VariantRole, VariantSpec } from '../../experiment/spec';
import { curveLabel, FIT_LABEL, isFurther } from '../../experiment/words/curves';
import { deviationLabel, runSize, secondsLabel, sentences } from '../../experiment/words/sizes';
import { lookOf, type VerdictLook, verdictWords } from '../../experiment/words/verdict-words';
import type { TrainedCheck } from '../../messages/answers';
import { EXIT, type ExitCode } from '../failure';
import { headed, item, paint, WIDTH, widthOf, wrap, type Style } from './text';

/** Mark, colour and exit status of each verdict. */
export const VERDICTS: Readonly<Record<VerdictLook, { mark: string; style: Style; exitCode: ExitCode }>> = {
  identical: { mark: '✓', style: 'green', exitCode: EXIT.done },
  equivalent: { mark: '✓', style: 'green', exitCode: EXIT.done },
  different: { mark: '✗', style: 'red', exitCode: EXIT.different },
  nearly: { mark: '≈', style: 'cyan', exitCode: EXIT.nothing },
  undecided: { mark: '?', style: 'yellow', exitCode: EXIT.nothing },
};

/** The verdict in one sentence, its detail, and how far off the other ways are. */
export function verdictText({ spec, result, verdict }: TrainedCheck): string {
  const { headline, shown = '', detail, aside } = verdictWords(spec, verdict, result.fit);
  const further = aside === '' ? '' : `${paint('dim', wrap(aside, 78, '  '))}\n`;
  return headText(verdict, headline, sentences(shown, detail)) + further;
}

/** A verdict in its colour, and below it what is said of it. */
export function headText(verdict: Verdict, headline: string, says: string): string {
  const { mark, style } = VERDICTS[lookOf(verdict)];
  return `${paint(style, paint('bold', `${mark} ${headline}`))}\n${wrap(says, 78, '  ')}\n`;
}

/**
 * Label and largest deviation of every curve but the base, over all draws; those that measure rounding in one row.
 * What was trained on the first draw alone says so.
 */
export function variantRows({ spec, result: { fit }, verdict }: TrainedCheck): [string, string][] {
  const { variants, seeds } = spec;
  const worst = (all: readonly VariantSpec[]): string =>
    deviationWords(Math.max(...verdict.deviations.filter((_, i) => all.some((each) => each === variants[i]))));
  const once = seeds.length > 1 ? ` (seed ${seeds[0]})` : '';
  const rows = variants.flatMap((variant): [string, string][] => {
    if (isFurther(variant) || ['base', 'control', 'rounded-rule'].includes(variant.role)) return [];
    const family = variants.filter(({ name }) => name === variant.name);
    return [[curveLabel(variant) + (family.length === 1 ? once : ''), worst(family)]];
  });
  if (fit) rows.push([FIT_LABEL + once, deviationWords(fit.deviation)]);
  const together = (role: VariantRole, labelOf: (count: number) => string): void => {
    const family = variants.filter((each) => each.role === role);
    if (family.length > 0) rows.push([labelOf(family.length), worst(family)]);
  };
  together('rounded-rule', (count) => `the rule at ${count} more scalings`);
  together('control', (count) => `rounding alone (${count} controls)`);
  return rows;
}

export function deviationWords(deviation: number): string {
  return deviation === 0 ? '0 (same bits)' : deviationLabel(deviation);
}

/** Over what a row's number is the largest. */
export function seedsWords({ seeds }: ExperimentSpec): string {
  return seeds.length > 1 ? `, worst of ${seeds.length} seeds` : '';
}

export function variantText(check: TrainedCheck): string {
  const rows = variantRows(check);
  const under = (of: string): string => headed(['curve', `largest deviation${of}`], rows);
  const text = under(seedsWords(check.spec) || ' of its loss from the baseline');
  return `${widthOf(text.split('\n', 1)[0] ?? '') > WIDTH ? under('') : text}\n`;
}

/** How it was trained, the run in numbers, and where the report went. */
export function footerText(check: TrainedCheck, report: string | undefined): string {
  const lines = check.assumptions.map((text) => item('-', text));
  const where = report === undefined ? '' : `Report: ${report}\n`;
  return `\n${paint('dim', ['How it was trained', ...lines, '', runSummary(check)].join('\n'))}\n${where}`;
}

/** `wasm · 14 variants × 200 steps · 0.41 s` */
export function runSummary({ spec, result: { backend, ms } }: TrainedCheck): string {
  return `${backend} · ${runSize(spec)} · ${secondsLabel(ms)}`;
}
