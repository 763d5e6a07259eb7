import * as l10n from '@vscode/l10n';
import type { Adapter } from '../../adapter/adapter';
import { audit } from '../../adapter/engines/audit';
import { alikeRows } from '../../adapter/engines/words';
import type { Measured } from '../../adapter/measure';
import { recipeOf } from '../../adapter/summary';
import { adapterHostContract, adapterPageContract } from '../../messages/adapter';
import { messageOf } from '../../messages/rpc';
import { breakable, type Child, disclosure, drawPage, h, type Html, listOf, section, unlessEmpty } from '../page/dom';
import { openHost } from '../page/page';
import { MOST_ROWS, type Sort } from '../page/sorting';
import { pointPlot } from '../plots/charts';
import { answerBox } from '../runs/verdict-box';
import { scalingChart, spectrumChart } from './charts';
import { modulesTable } from './modules';
import { aboutWords, answerOf, columnsNote, enginesTable, measuringBar, sourcesTable } from './parts';

type Measures = (Measured | null)[];

/** An adapter, what is said of it before anything is measured, and what is measured of its first modules. */
function shownOf(file: string, adapter: Adapter, measured: Measures) {
  const audited = audit(adapter);
  const newest = audited.filter(({ isNewest }) => isNewest);
  const groups = alikeRows(newest, ({ why }) => why);
  return { file, adapter, measured, audited, newest, groups, scaling: scalingChart(adapter, groups) };
}

type Shown = ReturnType<typeof shownOf>;

/** What the page keeps: how the modules are sorted, whose spectrum is drawn, and how many are listed. */
const beginning = { sort: { column: 'norm', isDescending: true } as Sort<string>, chosen: -1, most: MOST_ROWS };

/** The page of an adapter: draws what the host has opened, and has its modules measured while it is in sight. */
export function startAdapter(): void {
  let shown: Shown | null = null;
  let trouble = '';
  const { host, vscode } = openHost(adapterPageContract, adapterHostContract, {
    view({ file, adapter, measured }) {
      shown = 'wrong' in adapter ? null : shownOf(file, adapter, measured);
      trouble = '';
      if ('wrong' in adapter) drawPage(framed(file, '', h('p.sentence', { role: 'status' }, adapter.wrong)));
      draw();
      document.body.dataset['ready'] = 'true';
      if (shown) void measure(shown);
    },
  });
  /** Ends when the files change. */
  async function measure(mine: Shown): Promise<void> {
    const { measured, adapter } = mine;
    try {
      while (mine === shown && measured.length < adapter.modules.length) {
        measured.push(...(await host.call('measure', measured.length)));
        draw();
      }
    } catch (error) {
      if (mine === shown) trouble = messageOf(error);
      draw();
    }
  }
  let state = { ...beginning, ...(vscode.getState() as Partial<typeof beginning> | null) };
  const change = (changes: Partial<typeof beginning>): void => {
    state = { ...state, ...changes };
    vscode.setState(state);
    draw();
  };
  const plots = { scaling: pointPlot('scaling'), spectrum: pointPlot('spectrum') };
  function draw(): void {
    if (!shown) return;
    const { measured, scaling, adapter } = shown;
    const { modules } = adapter;
    document.body.dataset['measuring'] = measured.length === modules.length ? 'done' : 'running';
    const chosen = state.chosen in measured ? state.chosen : largest(measured);
    plots.scaling.take(scaling);
    plots.spectrum.take(spectrumChart(measured, chosen, modules[chosen]?.name ?? ''));
    drawPage(pageOf(shown, trouble, plots, modulesTable(modules, measured, { ...state, chosen }, change)));
    plots.scaling.paint();
    plots.spectrum.paint();
  }
  host.notify('ready', undefined);
}

const largest = (measured: Measures): number =>
  measured.reduce((best, each, at) => ((each?.norm ?? 0) > (measured[best]?.norm ?? 0) ? at : best), 0);

const framed = (file: string, about: string, ...parts: Child[]): Html =>
  h('main.adapter', h('header', h('h1', breakable(file)), h('span.muted', about)), ...parts);

/** Every part of the page in its place: the answer, what is wrong, the engines, the plots, the modules. */
function pageOf(
  { file, adapter, measured, audited, newest, groups }: Shown,
  trouble: string,
  { scaling, spectrum }: Readonly<Record<'scaling' | 'spectrum', ReturnType<typeof pointPlot>>>,
  list: Html,
): Html {
  const faults = adapter.faults.map(({ sentence, module }) =>
    module === undefined ? sentence : `${sentence} ${l10n.t`First: ${module}`}`,
  );
  const recipe = recipeOf(adapter).map(([label, value]) => [h('dt', label), h('dd', value)]);
  const tables = [scaling.table(), spectrum.table()];
  const note = h('p.note.muted', columnsNote(adapter, measured));
  const { kind, headline, line } = answerOf(adapter, newest);
  const versions = l10n.t('All versions, with sources');
  return framed(
    file,
    aboutWords(adapter),
    answerBox({ id: 'answer', kind, stale: false, headline }, [unlessEmpty('p', line)]),
    listOf('ul.faults', faults),
    enginesTable(groups),
    h('div.adapter-plots', scaling.html({}), spectrum.html({})),
    measuringBar(measured.length, adapter.modules.length, trouble),
    section('section', 'list', l10n.t('Modules'), {}, list, note),
    disclosure('recipe', l10n.t('From its header'), { hidden: recipe.length === 0 }, h('dl', recipe)),
    disclosure('numbers', l10n.t('The plots as tables'), { hidden: !tables.some(Boolean) }, tables),
    disclosure('versions', versions, { hidden: audited.length === 0 }, sourcesTable(versions, audited)),
  );
}
