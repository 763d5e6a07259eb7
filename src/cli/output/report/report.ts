import { version } from '../../../../package.json';
import { claimWords } from '../../../config/plan/claim';
import { oldValueWords, WHERE_WORDS, type ConfigChange } from '../../../config/plan/changes';
import type { ConfigPlan } from '../../../config/planned';
import { curvesWithFit } from '../../../experiment/words/curves';
import { measuredPlans, priceOf } from '../../../experiment/words/sizes';
import { lookOf, verdictWords } from '../../../experiment/words/verdict-words';
import { deviationChart, lossChart } from '../../../plot/chart';
import { escapeMarkup } from '../../../plot/markup';
import { isMain } from '../../../plot/series';
import { chartSvg } from '../../../plot/svg';
import { factorLabel } from '../../../recipe/notation';
import { largeAndRest } from '../../../recipe/plans/plan';
import { assertNoLoss, writeNew } from '../../files/files';
import type { TrainedCheck } from '../../../messages/answers';
import { runSummary, seedsWords, variantRows, VERDICTS } from '../run-text';
import { REPORT_PALETTE, REPORT_STYLE } from './style';

export interface ReportData extends TrainedCheck {
  /** The file, or what a sweep is about. */
  title: string;
  /** Trainer, optimizer, rank. */
  what: string;
  /** The plan that was checked, and where it leads; null for a sweep. */
  answer: ReportAnswer | null;
  /** That of the baseline; null if it has none. */
  signature: string | null;
  /** In the place of the verdict's own headline. */
  headline?: string;
}

interface ReportAnswer {
  /** `alpha 16` */
  from: string;
  /** `alpha 64` */
  to: string;
  /** Both scalings and k. */
  scaling: string;
  plan: ConfigPlan;
  plans: readonly ConfigPlan[];
}

export interface ReportOptions {
  /** The file to write. */
  report?: string;
  /** Whether it may replace any file. */
  force?: boolean;
}

/** @throws Failure where the report would replace a file that is none */
export async function assertReport({ report, force }: ReportOptions): Promise<void> {
  const isReport = (page: string): boolean =>
    page.startsWith('<!doctype html>') && page.includes('<title>LoRA Alpha: ');
  const what = 'a report of LoRA Alpha; choose another path, or overwrite it with --force';
  if (report !== undefined && !force) await assertNoLoss(report, isReport, what);
}

export async function writeReport({ report }: ReportOptions, data: ReportData): Promise<void> {
  if (report !== undefined) await writeNew(report, reportHtml(data));
}

/** A piece of the page: text, which is escaped, or markup. */
type Piece = string | { markup: string } | readonly Piece[];

/** Markup whose holes are pieces. */
function markup(parts: TemplateStringsArray, ...holes: readonly Piece[]): { markup: string } {
  const written = (piece: Piece): string => {
    if (typeof piece === 'string') return escapeMarkup(piece);
    return 'markup' in piece ? piece.markup : piece.map(written).join('');
  };
  return { markup: String.raw({ raw: parts }, ...holes.map(written)) };
}

/**
 * A run as one self-contained HTML page in the panel's layout: the answer, the verdict, the plots, and everything else
 * folded. No script, nothing to load, every text escaped.
 */
export function reportHtml(data: ReportData): string {
  const { title, what, answer, spec, verdict, assumptions, signature } = data;
  const measured = measuredPlans(spec, verdict, answer?.plan.id ?? null);
  const rows = table(['curve', `from the baseline${seedsWords(spec)}`], variantRows(data));
  const deviations = 'Largest deviation of the loss';
  const curves = answer ? disclosure(`${deviations}, of every curve`, rows) : markup`<h2>${deviations}</h2>${rows}`;
  const body = [
    ...(answer ? [markup`<div>${answerSections(answer, measured)}</div>`] : []),
    markup`<div>${verdictSection(data)}${plots(data)}<section>${curves}</section>
<section>${disclosure('How it was trained', list(assumptions))}</section></div>`,
  ];
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>LoRA Alpha: ${title}</title>
<style>${{ markup: REPORT_STYLE }}</style>
</head>
<body>
<header><h1>${title}</h1>${paragraph(what)}</header>
<main${answer ? [] : markup` class="wide"`}>${body}</main>
<footer class="muted">${runSummary(data)} · LoRA Alpha ${version}${signature === null ? [] : ` · signature ${signature}`}</footer>
</body>
</html>
`.markup;
}

/** The headline and one line of evidence; how it was judged is folded. */
function verdictSection({ spec, result, verdict, headline }: ReportData): Piece {
  const words = verdictWords(spec, verdict, result.fit);
  const look = lookOf(verdict);
  return markup`<section class="verdict ${look}">
<h2><span class="mark" aria-hidden="true">${VERDICTS[look].mark}</span> ${headline ?? words.headline}</h2>
<p>${words.evidence || words.detail}</p>${paragraph(words.aside)}
${disclosure('How this was judged', words.evidence === '' ? [] : paragraph(words.detail))}</section>`;
}

/** The curves that answer the question; of a sweep these are all. */
function plots({ spec, result }: ReportData): Piece {
  const { curves, losses } = curvesWithFit(spec, result);
  const options = { batches: spec.batches, isDrawn: isMain };
  const charts = [lossChart, deviationChart].map((of) => of(curves, losses, options));
  const pictures = charts.map((chart, i) => {
    const id = i === 0 ? 'loss' : 'deviation';
    const picture = chartSvg(chart, { width: 480, height: 260, palette: REPORT_PALETTE, id });
    return markup`<section><h2>${chart.title} <small>${chart.unit}</small></h2>${{ markup: picture }}</section>`;
  });
  return markup`<div class="plots">${pictures}</div>`;
}

/** The target, what to change, and the ways to do it, as in the panel. @param measured plan → how far it is off */
function answerSections(answer: ReportAnswer, measured: Readonly<Record<string, number | null>>): Piece {
  const { from, to, scaling, plan, plans } = answer;
  const ways = plans.map((each) => way(each, each.id === plan.id, measured[each.id] ?? null));
  return markup`<section><p class="goal"><span class="muted">${from} →</span> <b>${to.replace(/^alpha /, '')}</b></p>
${paragraph(scaling)}</section>
<section><h2>Change these</h2><div class="card">${changes(plan, to)}</div></section>
<section><h2>Ways to do it</h2>${ways}</section>`;
}

function changes(plan: ConfigPlan, to: string): Piece {
  const [large, rest] = largeAndRest(plan.configChanges, ({ of }) => of !== undefined);
  const rows = rest.map((change) => {
    const where = WHERE_WORDS[change.where];
    const key = where === '' ? change.key : [change.key, markup` <small>${where}</small>`];
    return [key, oldValueWords(change) ?? 'not stated', markup`<b>${newValue(change)}</b>`, change.law];
  });
  const whys = plan.configChanges.map(({ key, why }) => markup`<dt>${key}</dt><dd>${why}</dd>`);
  const code = plan.code === null ? [] : markup`<pre>${plan.code.trimEnd()}</pre>`;
  return [
    markup`<dl class="large">${large.map(largeRow)}</dl>`,
    rows.length === 0 ? [] : table(['hyperparameter', 'now', `at ${to}`, 'factor'], rows),
    disclosure('Why each one changes', markup`<dl class="whys">${whys}</dl>`),
    disclosure('Also needed: code for this plan', code),
  ];
}

/** `1e-4 / learning_rate, was 2e-4`; a factor for the init, which has no number of its own. */
function largeRow(change: ConfigChange): Piece {
  const { field, key, to, where } = change;
  const isInit = field === 'init';
  const from = oldValueWords(change);
  const was = isInit || from === null ? '' : from === to ? 'stays' : `was ${from}`;
  const about = [was, WHERE_WORDS[where]].filter((part) => part !== '').join(' · ');
  const value = isInit && to !== null ? `× ${to}` : newValue(change);
  return markup`<div><dt>${key} <span class="muted">${about}</span></dt><dd>${value}</dd></div>`;
}

function newValue({ to, factor }: ConfigChange): string {
  return to ?? (factor === 1 ? 'your value, unchanged' : `your value ${factorLabel(factor)}`);
}

/** One line a plan: name, whether it needs code, how far off. The checked one is unfolded. */
function way(plan: ConfigPlan, isChecked: boolean, measured: number | null): Piece {
  const { exactness, title, code, summary, caveats } = plan;
  const { text, good } = priceOf({ exactness, says: claimWords(plan.claim), measured });
  const name = isChecked ? markup`<b>${title}</b>` : title;
  const needs = code === null ? 'config only' : 'needs code';
  return markup`<details class="way"${isChecked ? markup` open` : []}>
<summary>${name} <small>${needs}</small><span class="price${good ? ' ok' : ''}">${text}</span></summary>
${paragraph(summary)}${list(caveats.map(({ message }) => message))}</details>`;
}

function paragraph(text: string): Piece {
  return text === '' ? [] : markup`<p class="muted">${text}</p>`;
}

/** What folds out; nothing where there is no content. */
function disclosure(label: string, content: Piece): Piece {
  if (Array.isArray(content) && content.length === 0) return [];
  return markup`<details class="disclosure"><summary>${label}</summary>${content}</details>`;
}

function list(items: readonly string[]): Piece {
  return items.length === 0 ? [] : markup`<ul class="muted">${items.map((item) => markup`<li>${item}</li>`)}</ul>`;
}

function table(head: readonly string[], rows: readonly (readonly Piece[])[]): Piece {
  const heads = head.map((cell) => markup`<th>${cell}</th>`);
  const lines = rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>`);
  return markup`<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${lines}</tbody></table></div>`;
}
