import * as l10n from '@vscode/l10n';
import { LAYOUT_NAMES, type Adapter } from '../../adapter/adapter';
import { audit, type Audited } from '../../adapter/engines/audit';
import { alikeRows, outcomeLabel, type Alike } from '../../adapter/engines/words';
import type { Measured } from '../../adapter/measure';
import { baseOf, dtypeOf, recipeOf, sizeLabel } from '../../adapter/summary';
import {
  adapterHostContract,
  adapterPageContract,
  type AdapterHost,
  type AdapterView,
  type MeasuringView,
} from '../../messages/adapter';
import type { Chart } from '../../plot/chart';
import { numberLabel } from '../../recipe/notation';
import { breakable, type Child, disclosure, drawPage, h, headRow, type Html, scrolling, section } from '../page/dom';
import { focusKeeper, openHost } from '../page/page';
import { button } from '../page/toolkit';
import { chartSection, plotTable } from '../plots/charts';
import { endsWidth, plot } from '../plots/plot';
import { SYMBOLS } from '../runs/verdict-box';
import { medianOf, scalingChart, spectrumChart } from './adapter-charts';
import { answerOf, rangeLabel } from './audit-words';
import { beginning, modulesTable, sortedRows, type TableState } from './modules-table';

/** The page of an adapter: draws what the host has opened and measured. */
export function startAdapter(): void {
  let view: AdapterView | null = null;
  let progress: MeasuringView = { measuring: 'offered', seconds: 0, trouble: '' };
  let said: Said = { audited: [], groups: [], scaling: null };
  let measured: (Measured | null)[] = [];
  const { host, vscode } = openHost(adapterPageContract, adapterHostContract, {
    view(next) {
      view = next;
      if (!('wrong' in next.adapter)) said = saidOf(next.adapter);
      draw();
      document.body.dataset['ready'] = 'true';
    },
    progress(next) {
      progress = next;
      draw();
    },
    measured({ from, rows }) {
      measured = [...measured.slice(0, from), ...rows];
      draw();
    },
  });
  let state: TableState = { ...beginning, ...(vscode.getState() as Partial<TableState> | null) };
  const change = (changes: Partial<TableState>): void => {
    state = { ...state, ...changes };
    vscode.setState(state);
    draw();
  };
  const plots = picturesOf();
  const keepFocus = focusKeeper({ measure: ['stop'], stop: ['measure'] });
  function draw(): void {
    if (!view) return;
    const { adapter, file } = view;
    document.body.dataset['measuring'] = progress.measuring;
    if ('wrong' in adapter) return drawPage(notAnAdapter(file, adapter.wrong, host));
    const html = pageOf({ file, adapter, ...progress }, said, measured, state, change, plots, host);
    keepFocus(() => drawPage(html));
    plots.paint();
  }
  host.notify('ready', undefined);
}

/** What is said of the adapter before anything is measured. */
interface Said {
  audited: readonly Audited[];
  groups: readonly Alike[];
  scaling: Chart | null;
}

function saidOf(adapter: Adapter): Said {
  const audited = audit(adapter);
  const newest = audited.filter(({ isNewest }) => isNewest);
  const groups = alikeRows(newest, ({ why }) => why);
  return { audited, groups, scaling: scalingChart(adapter, groups) };
}

function notAnAdapter(file: string, wrong: string, host: AdapterHost): Html {
  const reopen = (): void => host.notify('reopen', undefined);
  return h(
    'main.adapter',
    h('header', h('h1', breakable(file))),
    h('p.sentence', { role: 'status' }, wrong),
    button(l10n.t('Open with another editor…'), 'secondary', { id: 'reopen' }, reopen),
  );
}

/** Both plots, which are made once and drawn where there is something to draw. */
function picturesOf() {
  const still = { zoom: () => undefined, solo: () => undefined };
  const margins = { scaling: { left: 0, right: 0 }, spectrum: { left: 0, right: 0 } };
  const made = {
    scaling: plot('scaling', margins.scaling, still),
    spectrum: plot('spectrum', margins.spectrum, still),
  };
  let charts: (readonly [keyof typeof made, Chart])[] = [];
  return {
    html(next: Record<keyof typeof made, Chart | null>): Child[] {
      charts = (['scaling', 'spectrum'] as const).flatMap((id) => (next[id] ? [[id, next[id]] as const] : []));
      for (const [id, chart] of charts) margins[id].right = endsWidth(chart);
      return charts.map(([id, chart]) => chartSection(id, chart, {}, [], made[id].element));
    },
    tables: (): Html[] => charts.map(([id, chart]) => plotTable(`${id}-table`, `${chart.title}, ${chart.unit}`, chart)),
    paint: (): void => charts.forEach(([id, chart]) => made[id].draw(chart, null)),
  };
}

/** Every part of the page in its place: the answer, what is wrong, the numbers, the engines, the modules. */
function pageOf(
  { file, adapter, ...progress }: MeasuringView & { file: string; adapter: Adapter },
  { audited, groups, scaling }: Said,
  measured: readonly (Measured | null)[],
  state: TableState,
  change: (changes: Partial<TableState>) => void,
  plots: ReturnType<typeof picturesOf>,
  host: AdapterHost,
): Html {
  const { kind, headline, line } = answerOf(adapter, groups);
  const modules = sortedRows(adapter.modules, measured, state.sort);
  const chosen = state.chosen in measured ? state.chosen : largest(measured);
  const name = adapter.modules[chosen]?.name ?? '';
  const pictures = plots.html({ scaling, spectrum: spectrumChart(measured, chosen, name) });
  const base = baseOf(adapter);
  const about = [LAYOUT_NAMES[adapter.layout], ...(base === null ? [] : [base]), sizeLabel(adapter.bytes)];
  const explained = h('p.note.muted', l10n.t('Norm: of ΔW. Used: so many singular values hold 99 % of its energy.'));
  const recipe = recipeOf(adapter).map(([label, value]) => [h('dt', label), h('dd', value)]);
  return h(
    'main.adapter',
    h('header', h('h1', breakable(file)), h('span.muted', about.join(' · '))),
    h(
      'div.verdict',
      { id: 'answer', 'data-kind': kind },
      h('span.symbol', { 'aria-hidden': 'true' }, SYMBOLS[kind]),
      h('div', { role: 'status' }, h('strong', headline), line !== '' && h('p', line)),
    ),
    faultsOf(adapter),
    h(
      'dl.facts',
      factsOf(adapter, measured).map(([label, value]) => h('div', h('dt.muted', label), h('dd', value))),
    ),
    enginesTable(groups),
    h('div.adapter-plots', pictures),
    measuringBar(adapter.modules.length, measured.length, progress, host),
    section('section', 'list', l10n.t('Modules'), {}, modulesTable(modules, { ...state, chosen }, change), explained),
    disclosure('recipe', l10n.t('From its header'), { hidden: recipe.length === 0 }, h('dl', recipe)),
    disclosure('numbers', l10n.t('The plots as tables'), { hidden: pictures.length === 0 }, plots.tables()),
    disclosure(
      'sources',
      l10n.t('All versions, with sources'),
      { hidden: audited.length === 0 },
      sourcesTable(audited),
    ),
  );
}

const largest = (measured: readonly (Measured | null)[]): number =>
  measured.reduce((best, each, at) => ((each?.norm ?? 0) > (measured[best]?.norm ?? 0) ? at : best), 0);

function faultsOf({ faults }: Adapter): Html {
  const items = faults.map(({ sentence, module }) =>
    h('li', sentence, module !== undefined && [' ', h('span.muted', l10n.t`First: ${module}`)]),
  );
  return h(
    'ul.faults',
    { 'aria-label': l10n.t('What is missing or contradictory'), hidden: faults.length === 0 },
    items,
  );
}

function factsOf(
  { modules, config, saved }: Adapter,
  measured: readonly (Measured | null)[],
): (readonly [label: string, value: string])[] {
  const found = measured.flatMap((each, at) => (each?.sigma ? [{ ...each, rank: modules[at]?.rank ?? 0 }] : []));
  const used = l10n.t`${medianOf(found.map((each) => each.used))} of ${medianOf(found.map(({ rank }) => rank))}`;
  const rule = config?.useRslora ? ' (α/√r)' : '';
  return [
    [l10n.t('Modules'), String(modules.length)],
    [l10n.t('Rank'), rangeLabel(modules.map(({ rank }) => rank))],
    [l10n.t('Alpha'), rangeLabel(modules.map(({ alpha }) => alpha))],
    [l10n.t('Scaling'), rangeLabel(modules.map(({ scaling }) => scaling)) + rule],
    [l10n.t('Type'), [...new Set(modules.map(dtypeOf)), ...(config?.useDora ? ['DoRA'] : [])].join(', ')],
    ...(saved.length > 0 ? [[l10n.t('Whole tensors'), String(saved.length)] as const] : []),
    ...(found.length > 0 ? [[l10n.t('Used (median)'), used] as const] : []),
  ];
}

function enginesTable(groups: readonly Alike[]): Html {
  const caption = l10n.t('What engines make of it');
  const body = groups.map(({ label, first: { outcome, why }, rows }) =>
    h(
      'tr',
      { 'data-outcome': outcome },
      h('th', { scope: 'row' }, label),
      h('td', rows.map(({ name }) => name).join(', ')),
      h('td.why', why),
    ),
  );
  const head = headRow('thead', l10n.t('outcome'), l10n.t('engine'), l10n.t('why'));
  const table = h('table.engines', { id: 'engines' }, h('caption.hidden-text', caption), head, h('tbody', body));
  return section('section', 'audit', caption, { hidden: groups.length === 0 }, table);
}

/** Every version that was looked at, with where and when. */
function sourcesTable(audited: readonly Audited[]): Html {
  const rows = audited.map((row) => {
    const evidence = `${row.evidence === 'ran' ? l10n.t('ran') : l10n.t('read')} ${row.date}`;
    const cells = [outcomeLabel(row), evidence, row.source].map((cell) => h('td', cell));
    return h('tr', h('th', { scope: 'row' }, `${row.name} ${row.version}`), cells);
  });
  const head = headRow('thead', l10n.t('engine'), l10n.t('outcome'), l10n.t('evidence'), l10n.t('source'));
  const caption = l10n.t('All versions, with sources');
  return scrolling(caption, h('table.sources', h('caption.hidden-text', caption), head, h('tbody', rows)));
}

function measuringBar(
  all: number,
  done: number,
  { measuring, seconds, trouble }: MeasuringView,
  host: AdapterHost,
): Html {
  const isRunning = measuring === 'running';
  const values = { 'aria-valuemin': 0, 'aria-valuenow': done, 'aria-valuemax': all };
  const bar = { role: 'progressbar', 'aria-label': l10n.t('Measuring'), style: { '--done': String(done / all) } };
  const ask = (is: boolean) => (): void => host.notify('measure', is);
  const time =
    seconds < 90
      ? l10n.t`Norm and spectrum take about ${numberLabel(Math.max(1, seconds), 1)} s.`
      : l10n.t`Norm and spectrum take about ${numberLabel(seconds / 60, 2)} min.`;
  return h(
    'div.progress.measuring',
    { hidden: measuring === 'done' },
    isRunning && h('div.bar', { ...bar, ...values }, h('i')),
    h('span.muted', isRunning ? l10n.t`${done} of ${all} modules measured` : time),
    trouble !== '' && h('span.muted', trouble),
    button(l10n.t('Measure'), 'secondary', { id: 'measure', hidden: isRunning }, ask(true)),
    button(l10n.t('Stop'), 'secondary', { id: 'stop', hidden: !isRunning }, ask(false)),
  );
}
