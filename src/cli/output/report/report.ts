import { version } from '../../../../package.json';
import { curvesWithFit } from '../../../experiment/words/curves';
import { measuredPlans } from '../../../experiment/words/sizes';
import { lookOf, verdictWords } from '../../../experiment/words/verdict-words';
import { deviationChart, lossChart, type Chart } from '../../../plot/chart';
import { element, escapeMarkup } from '../../../plot/markup';
import { isDrawn } from '../../../plot/series';
import { chartSvg } from '../../../plot/svg';
import { runSummary, seedsWords, variantRows, VERDICTS, type TrainedCheck } from '../run-text';
import { answerColumn, disclosure, list, paragraph, section, table, type ReportAnswer } from './answer';
import { REPORT_PALETTE, REPORT_STYLE } from './style';

export interface ReportData extends TrainedCheck {
  /** The file, or what a sweep is about. */
  title: string;
  /** Trainer, optimizer, rank. */
  what: string;
  /** The plan that was checked; null for a sweep. */
  answer: ReportAnswer | null;
  /** In the place of the verdict's own headline. */
  headline?: string;
}

const TITLE = '<title>LoRA Alpha: ';

/** Whether a page was made by {@link reportHtml}, of this version or an earlier one. */
export function isReport(page: string): boolean {
  return page.startsWith('<!doctype html>') && page.includes(TITLE);
}

/**
 * A run as one self-contained HTML page in the panel's layout: the answer, the verdict, the plots, and everything else
 * folded. No script, nothing to load, every text escaped.
 */
export function reportHtml(data: ReportData): string {
  const { title, what, answer, spec, verdict, assumptions } = data;
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `${TITLE}${escapeMarkup(title)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
  ].join('\n');
  const measured = measuredPlans(spec, verdict, answer?.plan.id ?? null);
  const trained = section('', disclosure('How it was trained', list(assumptions)), 'further');
  const run = [verdictSection(data), plots(data), curvesSection(data)].join('\n');
  const columns = answer
    ? `<div class="columns"><div class="column">${answerColumn(answer, measured)}\n${trained}</div>\n<div class="column">${run}</div></div>`
    : `${run}\n${trained}`;
  const body = [
    `<header>${element('h1', {}, escapeMarkup(title))}${paragraph(what)}</header>`,
    columns,
    `<footer class="muted">${escapeMarkup(`${runSummary(data)} · LoRA Alpha ${version}`)}</footer>`,
  ];
  return `<!doctype html>\n<html lang="en">\n<head>\n${head}\n</head>\n<body>\n<main>\n${body.join('\n')}\n</main>\n</body>\n</html>\n`;
}

/** The headline and one line of evidence; how it was judged is folded. */
function verdictSection({ spec, result, verdict, headline }: ReportData): string {
  const words = verdictWords(spec, verdict, result.fit);
  const look = lookOf(verdict);
  const mark = `<span class="mark" aria-hidden="true">${VERDICTS[look].mark}</span>`;
  return element(
    'section',
    { class: `verdict ${look}` },
    element('h2', {}, mark + escapeMarkup(headline ?? words.headline)) +
      paragraph(words.evidence || words.detail, '') +
      paragraph(words.aside) +
      disclosure('How this was judged', words.evidence === '' ? '' : paragraph(words.detail)),
  );
}

/** The curves that answer the question; of a sweep these are all. */
function plots({ spec, result, answer }: ReportData): string {
  const { curves, losses } = curvesWithFit(spec, result);
  const options = {
    batches: spec.batches,
    isDrawn: (curve: (typeof curves)[number]) => isDrawn(curve, { more: false, solo: null }),
  };
  const plot = (chart: Chart, id: string): string => {
    const heading = `${element('h2', {}, escapeMarkup(chart.title))}<span class="muted">${escapeMarkup(chart.unit)}</span>`;
    const picture = chartSvg(chart, { width: 480, height: 230, palette: REPORT_PALETTE, id });
    return section('', element('div', { class: 'heading' }, heading) + picture, 'plot');
  };
  return element(
    'div',
    { class: answer ? 's-plots' : 'pair' },
    plot(lossChart(curves, losses, options), 'loss') + plot(deviationChart(curves, losses, options), 'deviation'),
  );
}

/** Every curve in a number; a sweep's are its result, so they are not folded. */
function curvesSection(data: ReportData): string {
  const { spec, answer } = data;
  const rows = variantRows(data).map((row) => row.map(escapeMarkup));
  const title = 'Largest deviation of the loss';
  const all = table(['curve', `from the baseline${seedsWords(spec)}`], rows);
  return answer ? section('', disclosure(`${title}, of every curve`, all), 'further') : section(title, all);
}
