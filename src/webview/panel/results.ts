import * as l10n from '@vscode/l10n';
import type { ResultsView } from '../../messages/panel';
import { choiceRow } from '../page/choices';
import { type Component, breakable, disclosure, h, setAttribute, setText, whenChanged } from '../page/dom';
import { verdictLines, type VerdictWords } from '../runs/verdict-box-words';

/** Tabs for the panel's own run and the opened results; hidden without results. */
export function runSwitch(show: (isShown: boolean) => void): Component<ResultsView | null> {
  const { element, draw } = choiceRow(
    {
      kind: 'tab',
      group: { id: 'which-run', class: 'tabs s-which-run', 'aria-label': l10n.t('Which check is shown') },
      item: (index) => ({ id: index === 0 ? 'show-run' : 'show-results', 'aria-controls': 'panel' }),
    },
    (index) => show(index === 1),
  );
  return {
    element,
    draw: (results) =>
      draw({
        names: results ? [l10n.t('Small model'), l10n.t`PyTorch: ${results.model}`] : [],
        chosen: results?.isShown ? 1 : 0,
      }),
  };
}

/** The verdict of opened results in words. */
export function resultsWords({ verdict, stale }: ResultsView['run']): VerdictWords {
  return { ...verdictLines(verdict, null), stale };
}

/** What the results were measured with, and how far ΔW of each module is from the baseline's. */
export function resultsAbout(): {
  /** One line. */
  environment: HTMLElement;
  modules: HTMLElement;
  draw(results: ResultsView | null): void;
} {
  const line = h('p', { id: 'results-environment', class: 'muted' });
  const environment = h('section', { class: 's-environment' }, line);
  const body = h('tbody');
  const head = [l10n.t('module'), l10n.t('difference'), l10n.t('rounding error')];
  const table = h(
    'table',
    { id: 'delta-w' },
    h('caption', { class: 'hidden-text' }, l10n.t('ΔW per module')),
    h('thead', {}, h('tr', {}, ...head.map((label) => h('th', { scope: 'col' }, label)))),
    body,
  );
  const scroll = h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': l10n.t('ΔW per module') },
    table,
  );
  const modules = h('section', { class: 's-delta-w' }, disclosure('delta-w-modules', l10n.t('ΔW per module'), scroll));
  const drawRows = whenChanged((rows: ResultsView['modules']) =>
    body.replaceChildren(
      ...rows.map(({ module, deviation, control }) =>
        h('tr', {}, h('th', { scope: 'row' }, ...breakable(module)), h('td', {}, deviation), h('td', {}, control)),
      ),
    ),
  );
  return {
    environment,
    modules,
    draw(results) {
      setAttribute(environment, 'hidden', results === null);
      setAttribute(modules, 'hidden', !results?.modules.length);
      if (!results) return;
      setText(line, results.environment);
      drawRows(results.modules);
    },
  };
}
