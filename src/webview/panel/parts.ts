import * as l10n from '@vscode/l10n';
import { placeLabel, type PanelHost, type PanelView, type ResultsView } from '../../messages/panel';
import { numberLabel } from '../../recipe/notation';
import { choiceRow } from '../page/choices';
import { breakable, disclosure, h, type Html, listOf, row, scrolling, section, table, unlessEmpty } from '../page/dom';

/** Which file, trainer, optimizer, rank; the scaling now and at the target. */
export function header({ file, recipe, target }: PanelView, isKnown: boolean): Html {
  // Without the optimizer where the file names none.
  const words = recipe ? [recipe.trainer, recipe.optimizer, l10n.t`rank ${recipe.rank}`] : [];
  const to = isKnown ? numberLabel(target.scaling) : '…';
  const scale = recipe && [`${l10n.t('scaling')} `, h('b', numberLabel(recipe.scaling)), ' → ', h('b', to)];
  const what = words.filter((part) => part !== '').join(' · ');
  return h('header', h('h1', { title: file.path }, file.name), h('span.muted', what), h('span.scale.muted', scale));
}

/** What the check assumes, and traps of the file. */
export function notes({ notes: texts }: PanelView): Html {
  const count = texts.length === 1 ? l10n.t('1 note') : l10n.t`${texts.length} notes`;
  const own = { class: 'disclosure notes', hidden: texts.length === 0 };
  return disclosure('notes', count, own, listOf('ul', texts));
}

/** A tab for each network, where a file holds several. */
export function networks({ recipe }: PanelView, host: PanelHost): Html {
  const group = { id: 'networks', 'aria-label': l10n.t('Adapters in this file') };
  const choices = (recipe?.networks ?? []).map((label, index) => ({
    label,
    attributes: { id: `network-${index}`, 'aria-controls': 'panel' },
  }));
  const tabs = { kind: 'tab', group, choices, chosen: recipe?.network ?? 0 } as const;
  return choiceRow(tabs, (network) => host.notify('setNetwork', { network }));
}

const RECORD = (): string => l10n.t('Record the run to settle them…');

/** What of the file was not understood: its line, as a link, what stands there, and what it may do. */
export function notUnderstood({ notUnderstood: all, locked }: PanelView, host: PanelHost): Html {
  const rows = all.map(({ source, why, ...place }) => {
    const label = placeLabel(place);
    const onclick = (): void => host.notify('reveal', place);
    const link = h('button.link', { title: l10n.t`Show ${label}`, onclick }, label);
    return h('li', link, ' ', source !== '' && h('code', source), h('p.muted', why));
  });
  const own = { id: 'not-understood', hidden: all.length === 0 };
  const note =
    locked === '' ? l10n.t('Apply is locked: one of these lines may set a number that this plan changes.') : '';
  // Where a run is recorded, nothing rests on the reading of these lines.
  const record = h('button.link', { id: 'settle', onclick: () => host.notify('recordRun', undefined) }, RECORD());
  const parts = [unlessEmpty('p', note), h('ul', rows), h('p', record)];
  return section('section', 'not-understood', l10n.t('Not understood'), own, ...parts);
}

/** Tabs for the panel's own run and the opened results; hidden without results. */
export function runSwitch(results: ResultsView | null, host: PanelHost): Html {
  const group = { id: 'which-run', class: 'tabs s-which-run', 'aria-label': l10n.t('Which check is shown') };
  const choices = [
    { label: l10n.t('Small model'), attributes: { id: 'show-run', 'aria-controls': 'panel' } },
    { label: results?.tab ?? '', attributes: { id: 'show-results', 'aria-controls': 'panel' } },
  ];
  const tabs = { kind: 'tab', group, choices: results ? choices : [], chosen: results?.isShown ? 1 : 0 } as const;
  return choiceRow(tabs, (index) => host.notify('showResults', { isShown: index === 1 }));
}

/** What the results were measured with, in one line. */
export function resultsEnvironment(results: ResultsView | null): Html {
  const line = h('p.muted', { id: 'results-environment' }, results?.environment ?? '');
  return h('section.s-environment', { hidden: results === null }, line);
}

/** The config held against what ran: what differs, with its line. */
export function resultsRemarks(results: ResultsView | null, host: PanelHost): Html {
  const rows = (results?.remarks ?? []).map(({ message, line }) => {
    const onclick = (): void => host.notify('reveal', { line: line ?? 1 });
    const label = l10n.t`line ${line ?? 0}`;
    const link = line === null ? '' : h('button.link', { title: l10n.t`Show ${label}`, onclick }, label);
    return h('li', link, ' ', h('p.muted', message));
  });
  const own = { id: 'read-against-ran', hidden: rows.length === 0 };
  return section('section', 'read-against-ran', l10n.t('Read against ran'), own, h('ul', rows));
}

/** How far ΔW of each module is from the baseline's, or what was recorded of each. */
export function resultsModules(results: ResultsView | null): Html {
  const { title = '', head = [], rows: all = [] } = results?.modules ?? {};
  const rows = all.map(([module = '', ...numbers]) => row({}, breakable(module), ...numbers));
  const modules = disclosure('delta-w-modules', title, {}, scrolling(title, table('delta-w', title, head, rows)));
  return h('section.s-delta-w', { hidden: rows.length === 0 }, modules);
}
