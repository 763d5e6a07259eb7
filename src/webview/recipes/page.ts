import * as l10n from '@vscode/l10n';
import { recipesHostContract, recipesPageContract } from '../../messages/recipes';
import type { RecipeRow, RecipesHost, RecipesView } from '../../messages/recipes';
import { h, setAttribute, setText } from '../page/dom';
import { openHost } from '../page/page';
import { nothingShown, recipesBar, scanState } from './around';
import { choiceOf, ranged, toggled, toggledAll, type Choice } from './choice';
import { shownRows, stateFrom, type TableState } from './rows';
import { recipesTable } from './table';

/** The page with the table of recipes: draws what the host says, tells the host what the user does. */
export function startRecipes(): void {
  let hadKeyboard = false;
  const { host, vscode } = openHost(recipesPageContract, recipesHostContract, {
    view(view) {
      page.draw(view);
      setAttribute(document.body, 'data-ready', 'true');
      setAttribute(document.body, 'data-scan', view.scan.state);
      takeKeyboard();
    },
  });
  /**
   * Once, as soon as there is something to give it to, and only where the editor has given it to the page: a page that
   * comes back beside a file must not take it.
   */
  const takeKeyboard = (): void => {
    if (hadKeyboard || !document.hasFocus()) return;
    if (document.activeElement === document.body) page.focus();
    hadKeyboard = document.activeElement !== document.body;
  };
  const page = recipesPage(host, stateFrom(vscode.getState()), (state) => vscode.setState(state));
  document.body.append(page.element);
  window.addEventListener('focus', takeKeyboard);
  host.notify('ready', undefined);
}

/**
 * Every part of the page in its place.
 * @param keep hears of the state whenever the user changed it
 */
function recipesPage(host: RecipesHost, beginning: TableState, keep: (state: TableState) => void) {
  let view: RecipesView | null = null;
  let state = beginning;
  let choice = choiceOf(beginning.chosen);
  let last: { rows: RecipeRow[]; sort: TableState['sort']; words: string; shown: readonly RecipeRow[] } = {
    rows: [],
    sort: beginning.sort,
    words: '',
    shown: [],
  };
  const change = (changes: Partial<TableState>): void => {
    state = { ...state, ...changes };
    keep(state);
    redraw();
  };
  const choose = (next: Choice): void => {
    choice = next;
    change({ chosen: [...next.ids] });
  };
  const clearFilter = (): void => {
    change({ filter: '' });
    filter.focus();
  };
  /** Sorted anew only when the rows, the order or the filter changed: not when the keyboard moves. */
  const rowsShown = (): readonly RecipeRow[] => {
    const { sort, filter: words } = state;
    const rows = view?.rows ?? [];
    if (last.rows !== rows || last.sort !== sort || last.words !== words) {
      last = { rows, sort, words, shown: shownRows(rows, state) };
    }
    return last.shown;
  };
  const choosable = (): string[] => rowsShown().flatMap(({ id, numbers }) => (numbers === null ? [] : [id]));

  const table = recipesTable({
    sortBy: (column) =>
      change({ sort: { column, isDescending: column === state.sort.column && !state.sort.isDescending } }),
    open: (id) => host.notify('open', { id }),
    toggle: (id) => choose(toggled(choice, id)),
    extend: (id, from) => choose(ranged(choice, id, choosable(), from)),
    toggleAll: () => choose(toggledAll(choice, choosable())),
    clear: () => choose(choiceOf([])),
    activate: (active) => {
      if (active !== state.active) change({ active });
    },
  });
  const filter = h('input', {
    type: 'search',
    id: 'filter',
    placeholder: l10n.t('Filter'),
    'aria-label': l10n.t('Filter by name, folder, trainer or number'),
    spellcheck: 'false',
    autocomplete: 'off',
    oninput: () => change({ filter: filter.value }),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === 'ArrowDown') table.focus();
      else if (event.key === 'Escape' && filter.value !== '') clearFilter();
      else return;
      event.preventDefault();
    },
  });
  const count = h('span.muted.count');
  const scan = scanState(host);
  const nothing = nothingShown(host, clearFilter);
  const bar = recipesBar(host);
  const keys = l10n.t('Arrow keys move, Space chooses, Shift with an arrow key chooses several, Enter opens the file.');
  const element = h(
    'main.recipes',
    h('header', h('h1', l10n.t('LoRA recipes')), count, scan.element, filter),
    table.element,
    nothing.element,
    h('p.hidden-text', { id: 'recipes-keys' }, keys),
    bar.element,
  );

  function redraw(): void {
    if (!view) return;
    const { rows, scan: progress } = view;
    const shown = rowsShown();
    const isShown = new Set(shown.map(({ id }) => id));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const chosen = state.chosen.flatMap((id) => byId.get(id) ?? []);
    if (filter.value !== state.filter) filter.value = state.filter;
    setText(count, countText(shown.length, rows.length));
    setAttribute(count, 'hidden', rows.length === 0);
    // A scan changes the count several times a second, too often for a screen reader to announce.
    setAttribute(count, 'role', progress.state === 'running' ? null : 'status');
    setAttribute(filter, 'hidden', rows.length === 0);
    scan.draw(progress);
    table.draw(shown, state);
    setAttribute(table.element, 'hidden', shown.length === 0);
    nothing.draw({ view, filter: state.filter });
    setAttribute(nothing.element, 'hidden', shown.length > 0);
    bar.draw(shown, chosen, chosen.filter(({ id }) => !isShown.has(id)).length);
    setAttribute(bar.element, 'hidden', rows.length === 0);
  }

  return {
    element,
    draw(next: RecipesView) {
      view = next;
      // A file that is gone is chosen no longer; one that the scan has not come to yet still is.
      const known = new Set(next.rows.map(({ id }) => id));
      if (next.scan.state === 'done' && state.chosen.some((id) => !known.has(id))) {
        choose(choiceOf(state.chosen.filter((id) => known.has(id))));
      } else redraw();
    },
    /** Gives the keyboard to the row that had it, or to the filter where none had. */
    focus: () => (state.active === null ? filter.focus() : table.focus()),
  };
}

function countText(shown: number, all: number): string {
  if (shown < all) return l10n.t`${shown} of ${all}`;
  return all === 1 ? l10n.t('1 recipe') : l10n.t`${all} recipes`;
}
