import * as l10n from '@vscode/l10n';
import type { PanelView, ResultsView } from '../../messages/panel';
import { placeLabel, type FilePlace } from '../../messages/place';
import { numberLabel } from '../../recipe/notation';
import { choiceRow } from '../page/choices';
import {
  breakable,
  disclosure,
  h,
  headRow,
  scrolling,
  section,
  sentences,
  setAttribute,
  setText,
  whenChanged,
  type Component,
} from '../page/dom';
import { verdictLines, type VerdictWords } from '../runs/verdict-box-words';

/** Which file, trainer, optimizer, rank; the scaling now and at the target. */
export function header(): Component<{ view: PanelView; isKnown: boolean }> {
  const name = h('h1');
  const what = h('span.muted');
  const scale = h('span.scale.muted');
  return {
    element: h('header', name, what, scale),
    draw({ view: { file, recipe, target }, isKnown }) {
      setText(name, file.name);
      setAttribute(name, 'title', file.path);
      // Without the optimizer where the file names none.
      const words = recipe ? [recipe.trainer, recipe.optimizer, l10n.t`rank ${recipe.rank}`] : [];
      setText(what, words.filter((part) => part !== '').join(' · '));
      scale.replaceChildren();
      if (!recipe) return;
      const [from, to] = [numberLabel(recipe.scaling), isKnown ? numberLabel(target.scaling) : '…'];
      scale.append(`${l10n.t('scaling')} `, h('b', from), ' → ', h('b', to));
    },
  };
}

/** What the check assumes, and traps of the file. */
export function notes(): Component<PanelView> {
  const list = sentences('ul');
  const element = disclosure('notes', l10n.t('Notes'), list.element);
  element.classList.add('notes');
  return {
    element,
    draw({ notes: texts }) {
      setAttribute(element, 'hidden', texts.length === 0);
      list.draw(texts);
      const count = texts.length === 1 ? l10n.t('1 note') : l10n.t`${texts.length} notes`;
      setText(element.querySelector('summary') ?? element, count);
    },
  };
}

/** A tab for each network, where a file holds several. */
export function networks(onNetwork: (network: number) => void): Component<PanelView> {
  const group = { id: 'networks', 'aria-label': l10n.t('Adapters in this file') };
  const item = (index: number): Record<string, string> => ({ id: `network-${index}`, 'aria-controls': 'panel' });
  const { element, draw } = choiceRow({ kind: 'tab', group, item }, onNetwork);
  return { element, draw: ({ recipe }) => draw({ names: recipe?.networks ?? [], chosen: recipe?.network ?? 0 }) };
}

/** What of the file was not understood: its line, as a link, what stands there, and what it may do. */
export function notUnderstood(onReveal: (place: FilePlace) => void): Component<PanelView> {
  const list = h('ul');
  const element = section('', 'not-understood', l10n.t('Not understood'), list);
  element.id = 'not-understood';
  const draw = whenChanged((all: PanelView['notUnderstood']) => {
    const rows = all.map(({ source, why, ...place }) => {
      const label = placeLabel(place);
      const link = h('button.link', { title: l10n.t`Show ${label}`, onclick: () => onReveal(place) }, label);
      return h('li', link, ' ', h('code', source), h('p.muted', why));
    });
    list.replaceChildren(...rows);
  });
  return {
    element,
    draw({ notUnderstood: all }) {
      setAttribute(element, 'hidden', all.length === 0);
      draw(all);
    },
  };
}

/** Tabs for the panel's own run and the opened results; hidden without results. */
export function runSwitch(show: (isShown: boolean) => void): Component<ResultsView | null> {
  const group = { id: 'which-run', class: 'tabs s-which-run', 'aria-label': l10n.t('Which check is shown') };
  const ids = ['show-run', 'show-results'];
  const item = (index: number): Record<string, string> => ({ id: ids[index] ?? '', 'aria-controls': 'panel' });
  const { element, draw } = choiceRow({ kind: 'tab', group, item }, (index) => show(index === 1));
  return {
    element,
    draw(results) {
      const names = results ? [l10n.t('Small model'), l10n.t`PyTorch: ${results.model}`] : [];
      draw({ names, chosen: results?.isShown ? 1 : 0 });
    },
  };
}

/** The verdict of opened results in words. */
export function resultsWords({ verdict, stale }: ResultsView['run']): VerdictWords {
  return { ...verdictLines(verdict, null), stale };
}

/** What the results were measured with, in one line, and how far ΔW of each module is from the baseline's. */
export function resultsAbout(): {
  environment: HTMLElement;
  modules: HTMLElement;
  draw(results: ResultsView | null): void;
} {
  const line = h('p.muted', { id: 'results-environment' });
  const environment = h('section.s-environment', line);
  const body = h('tbody');
  const title = l10n.t('ΔW per module');
  const head = headRow(l10n.t('module'), l10n.t('difference'), l10n.t('rounding error'));
  const table = h('table', { id: 'delta-w' }, h('caption.hidden-text', title), head, body);
  const modules = h('section.s-delta-w', disclosure('delta-w-modules', title, scrolling(title, table)));
  const drawRows = whenChanged((rows: ResultsView['modules']) => {
    const made = rows.map(({ module, deviation, control }) => {
      const name = h('th', { scope: 'row' }, ...breakable(module));
      return h('tr', name, h('td', deviation), h('td', control));
    });
    body.replaceChildren(...made);
  });
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
