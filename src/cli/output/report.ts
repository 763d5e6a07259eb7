import { version } from '../../../package.json';
import { claimWords } from '../../config/plan/claim';
import type { ConfigPlan } from '../../config/planned';
import { curvesWithFit } from '../../experiment/words/curves';
import type { ExperimentSpec, RunResult } from '../../experiment/spec';
import type { Verdict } from '../../experiment/verdict';
import { lookOf } from '../../experiment/words/look';
import { verdictWords } from '../../experiment/words/verdict-sentences';
import { element, escapeMarkup } from '../../plot/markup';
import { deviationChart, lossChart } from '../../plot/chart';
import { chartSvg } from '../../plot/svg';
import { changeCells } from './changes-text';
import { REPORT_PALETTE, REPORT_STYLE } from './report-style';
import { runSummary, seedsWords, variantRows, VERDICTS } from './run-text';

export interface ReportData {
  /** The file, or what a sweep is about. */
  title: string;
  /** Trainer, optimizer, rank. */
  what: string;
  /** The scaling now and then; null for a sweep. */
  scaling: string | null;
  plan: ConfigPlan | null;
  /** `alpha 64`: what the plan leads to; null for a sweep. */
  at: string | null;
  spec: ExperimentSpec;
  result: RunResult;
  verdict: Verdict;
  assumptions: readonly string[];
  /** In the place of the verdict's own headline. */
  headline?: string;
}

const TITLE = '<title>LoRA Alpha: ';

/** Whether a page was made by {@link reportHtml}, of this version or an earlier one. */
export function isReport(page: string): boolean {
  return page.startsWith('<!doctype html>') && page.includes(TITLE);
}

/** A run as one self-contained HTML page: no script, nothing to load, every text escaped. */
export function reportHtml(data: ReportData): string {
  const { title, what, scaling, plan, at, spec, result, assumptions } = data;
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `${TITLE}${escapeMarkup(title)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
  ].join('\n');
  const body = [
    `<header>${element('h1', {}, escapeMarkup(title))}${paragraph(what)}${scaling === null ? '' : paragraph(scaling, 'number')}</header>`,
    verdictSection(data),
    plots(data),
    element('div', { class: 'pair' }, (plan && at !== null ? changesSection(plan, at) : '') + variantsSection(data)),
    plan?.code ? section('Also needed in code', element('pre', {}, escapeMarkup(plan.code.trimEnd()))) : '',
    notes('Worth knowing', plan?.caveats.map(({ message }) => message) ?? []),
    notes('How it was trained', assumptions),
    `<footer class="muted">${escapeMarkup(`${runSummary(spec, result)} · LoRA Alpha ${version}`)}</footer>`,
  ];
  return `<!doctype html>\n<html lang="en">\n<head>\n${head}\n</head>\n<body>\n<main>\n${body.filter(Boolean).join('\n')}\n</main>\n</body>\n</html>\n`;
}

function verdictSection({ spec, result, verdict, headline }: ReportData): string {
  const words = verdictWords(spec, verdict, result.fit);
  const look = lookOf(verdict);
  const mark = `<span class="mark" aria-hidden="true">${VERDICTS[look].mark}</span>`;
  return element(
    'section',
    { class: `verdict ${look}` },
    element('h2', {}, mark + escapeMarkup(headline ?? words.headline)) +
      paragraph(words.detail, '') +
      (words.aside === '' ? '' : paragraph(words.aside)),
  );
}

function plots({ spec, result }: ReportData): string {
  const { curves, losses } = curvesWithFit(spec, result);
  const loss = lossChart(curves, losses, { batches: spec.batches });
  const deviation = deviationChart(curves, losses, { batches: spec.batches });
  const options = { palette: REPORT_PALETTE, width: 540, height: 290 };
  return element(
    'div',
    { class: 'pair' },
    section(loss.title, chartSvg(loss, { ...options, id: 'loss' })) +
      section(deviation.title, chartSvg(deviation, { ...options, id: 'deviation' })),
  );
}

function changesSection(plan: ConfigPlan, at: string): string {
  const rows = changeCells(plan).map(([key, from, to, factor, place]) => [
    escapeMarkup(key) + (place === '' ? '' : element('small', {}, escapeMarkup(place))),
    escapeMarkup(from),
    element('b', {}, escapeMarkup(to)),
    escapeMarkup(factor),
  ]);
  const title = `Changes: ${plan.title} (${claimWords(plan.claim)})`;
  return section(title, tableHtml(['hyperparameter', 'now', `at ${at}`, 'factor'], rows));
}

function variantsSection({ spec, result, verdict }: ReportData): string {
  const rows = variantRows(spec, result, verdict).map((row) => row.map(escapeMarkup));
  return section('Largest deviation of the loss', tableHtml(['curve', `from the baseline${seedsWords(spec)}`], rows));
}

function section(title: string, content: string): string {
  return element('section', {}, element('h2', {}, escapeMarkup(title)) + content);
}

function notes(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return section(title, element('ul', {}, items.map((item) => element('li', {}, escapeMarkup(item))).join('')));
}

/** Cells are markup already. */
function tableHtml(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (name: 'th' | 'td', row: readonly string[]): string =>
    row.map((cell) => `<${name}>${cell}</${name}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('');
  const table = `<table><thead><tr>${cells('th', head.map(escapeMarkup))}</tr></thead><tbody>${body}</tbody></table>`;
  return element('div', { class: 'scroll' }, table);
}

function paragraph(text: string, className = 'muted'): string {
  return element('p', className === '' ? {} : { class: className }, escapeMarkup(text));
}
