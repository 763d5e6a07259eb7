import type { ExperimentSpec, RunResult, VariantSpec } from '../experiment/spec';
import type { Verdict } from '../experiment/verdict';
import { curveLabel, verdictWords } from '../experiment/words';
import { deviationLabel } from '../plot/numbers';
import type { Paint, Style } from './colour';
import { EXIT, type ExitCode } from './exit-codes';
import { table, wrap } from './table';

/** Mark, colour and exit status of each verdict. */
export const VERDICTS: Readonly<Record<Verdict['kind'], { mark: string; style: Style; exitCode: ExitCode }>> = {
  identical: { mark: '✓', style: 'green', exitCode: EXIT.done },
  equivalent: { mark: '✓', style: 'green', exitCode: EXIT.done },
  different: { mark: '✗', style: 'red', exitCode: EXIT.different },
  undecided: { mark: '?', style: 'yellow', exitCode: EXIT.nothing },
};

/** The verdict in one sentence, its detail, and how far off the other ways are. */
export function verdictText(spec: ExperimentSpec, verdict: Verdict, paint: Paint): string {
  const { headline, detail, aside } = verdictWords(spec, verdict);
  const { mark, style } = VERDICTS[verdict.kind];
  return [
    paint(style, paint('bold', `${mark} ${headline}`)),
    wrap(detail, 78, '  '),
    ...(aside === '' ? [] : [paint('dim', wrap(aside, 78, '  '))]),
    '',
  ].join('\n');
}

/** {@link verdictText} on one line, for machines and for the report's description. */
export function verdictLine(spec: ExperimentSpec, verdict: Verdict, assumptions: readonly string[]): string {
  const { headline, detail, aside } = verdictWords(spec, verdict);
  const sentences = [headline, detail, aside, ...assumptions].filter((text) => text !== '');
  return sentences.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(' ');
}

/** Name, label and largest deviation of every variant but the base; the controls in one row. */
export function variantRows(
  spec: ExperimentSpec,
  verdict: Verdict,
): [name: string, label: string, deviation: string][] {
  const rowOf = (variant: VariantSpec, index: number): [string, string, string][] => {
    if (variant.role === 'control' || variant.role === 'base') return [];
    return [[variant.name, curveLabel(variant), variantDeviation(verdict.deviations[index])]];
  };
  const controls = spec.variants.flatMap(({ role }, index) =>
    role === 'control' ? [verdict.deviations[index] ?? 0] : [],
  );
  const rows = spec.variants.flatMap(rowOf);
  if (controls.length === 0) return rows;
  const label = `rounding alone (${controls.length} controls)`;
  return [...rows, ['control', label, deviationLabel(Math.max(...controls))]];
}

export function variantText(spec: ExperimentSpec, verdict: Verdict, paint: Paint): string {
  const head = ['curve', 'largest deviation of its loss from now'].map((cell) => paint('dim', cell));
  return `${table([head, ...variantRows(spec, verdict).map(([, label, deviation]) => [label, deviation])])}\n`;
}

/** How it was trained, the run in numbers, and where the report went. */
export function footerText(
  spec: ExperimentSpec,
  result: RunResult,
  assumptions: readonly string[],
  report: string | undefined,
  paint: Paint,
): string {
  const lines = assumptions.map((text) => `- ${wrap(text, 78, '  ').trimStart()}`);
  const where = report === undefined ? '' : `Report: ${report}\n`;
  return `\n${paint('dim', ['How it was trained', ...lines, '', runSummary(spec, result)].join('\n'))}\n${where}`;
}

/** `wasm · 14 variants × 200 steps · 0.41 s` */
export function runSummary(spec: ExperimentSpec, { backend, ms }: RunResult): string {
  const seconds = (ms / 1000).toFixed(ms < 10_000 ? 2 : 1);
  return `${backend} · ${spec.variants.length} variants × ${spec.steps} steps · ${seconds} s`;
}

function variantDeviation(deviation: number | undefined): string {
  if (deviation === undefined) return 'not known';
  return deviation === 0 ? '0 (same bits)' : deviationLabel(deviation);
}
