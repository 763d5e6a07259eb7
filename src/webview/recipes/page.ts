import * as l10n from '@vscode/l10n';
import { recipesHostContract, recipesPageContract } from '../../messages/recipes';
import type { RecipeRow, RecipesHost, RecipesView } from '../../messages/recipes';
import { drawPage, h } from '../page/dom';
import { openHost } from '../page/page';
import { MOST_ROWS } from '../page/sorting';
import { nothingShown, recipesBar, scanState } from './around';
import { choiceOf, ranged, toggled, toggledAll, type Choice } from './choice';
import { shownRows, stateFrom, type TableState } from './rows';
import { focusTable, recipesTable } from './table';

/** The page with the table of recipes: draws what the host says, tells the host what the user does. */
export function startRecipes(): void {
  let hadKeyboard = false;
  const { host, vscode } = openHost(recipesPageContract, recipesHostContract, {
    view(view) {
      page.take(view);
      Object.assign(document.body.dataset, { ready: 'true', scan: view.scan.state });
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
  window.addEventListener('focus', takeKeyboard);
  host.notify('ready', undefined);
}

const focusFilter = (): void => document.getElementById('filter')?.focus();

/**
 * Every part of the page in its place.
 * @param keep hears of the state whenever the user changed it
 */
function recipesPage(host: RecipesHost, beginning: TableState, keep: (state: TableState) => void) {
  let view: RecipesView | null = null;
  let state = { ...beginning, most: MOST_ROWS };
  let choice = choiceOf(beginning.chosen);
  let last: { key: readonly unknown[]; shown: readonly RecipeRow[] } = { key: [], shown: [] };
  const change = (changes: Partial<typeof state>): void => {
    state = { ...state, ...changes };
    keep(state);
    draw();
  };
  const choose = (next: Choice): void => {
    choice = next;
    change({ chosen: [...next.ids] });
  };
  const clearFilter = (): void => {
    change({ filter: '' });
    focusFilter();
  };
  /** Sorted anew only when the rows, the order or the filter changed: not when the keyboard moves. */
  const rowsShown = (): readonly RecipeRow[] => {
    const rows = view?.rows ?? [];
    const key = [rows, state.sort, state.filter];
    if (key.some((part, i) => part !== last.key[i])) last = { key, shown: shownRows(rows, state) };
    return last.shown;
  };
  const choosable = (): string[] => rowsShown().flatMap(({ id, numbers }) => (numbers === null ? [] : [id]));

  const actions = {
    change,
    open: (id: string) => host.notify('open', { id }),
    toggle: (id: string) => choose(toggled(choice, id)),
    extend: (id: string, from?: string) => choose(ranged(choice, id, choosable(), from)),
    toggleAll: () => choose(toggledAll(choice, choosable())),
    clear: () => choose(choiceOf([])),
    activate: (active: string) => {
      if (active !== state.active) change({ active });
    },
  };
  const filter = {
    type: 'search',
    id: 'filter',
    placeholder: l10n.t('Filter'),
    'aria-label': l10n.t('Filter by name, folder, trainer or number'),
    spellcheck: 'false',
    autocomplete: 'off',
    oninput: ({ currentTarget }: Event) => change({ filter: (currentTarget as HTMLInputElement).value }),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === 'ArrowDown') focusTable();
      else if (event.key === 'Escape' && state.filter !== '') clearFilter();
      else return;
      event.preventDefault();
    },
  };
  const keys = l10n.t('Arrow keys move, Space chooses, Shift with an arrow key chooses several, Enter opens the file.');

  function draw(): void {
    if (!view) return;
    const { rows, scan } = view;
    const shown = rowsShown();
    const hidden = rows.length === 0;
    const byId = new Map(rows.map((row) => [row.id, row]));
    const chosen = state.chosen.flatMap((id) => byId.get(id) ?? []);
    // A scan changes the count several times a second, too often for a screen reader to announce.
    const said = { hidden, role: scan.state === 'running' ? null : 'status' };
    const page = h(
      'main.recipes',
      h(
        'header',
        h('h1', l10n.t('LoRA recipes')),
        h('span.muted.count', said, countText(shown.length, rows.length)),
        scanState(scan, host),
        h('input', { ...filter, hidden, value: state.filter }),
      ),
      recipesTable(shown, state, actions),
      nothingShown(view, state.filter, shown.length > 0, host, clearFilter),
      h('p.hidden-text', { id: 'recipes-keys' }, keys),
      recipesBar(shown, chosen, hidden, host),
    );
    drawPage(page);
  }

  return {
    take(next: RecipesView) {
      view = next;
      // A file that is gone is chosen no longer; one that the scan has not come to yet still is.
      const known = new Set(next.rows.map(({ id }) => id));
      if (next.scan.state === 'done' && state.chosen.some((id) => !known.has(id))) {
        choose(choiceOf(state.chosen.filter((id) => known.has(id))));
      } else draw();
    },
    /** Gives the keyboard to the row that had it, or to the filter where none had. */
    focus: () => (state.active === null ? focusFilter() : focusTable()),
  };
}

function countText(shown: number, all: number): string {
  if (shown < all) return l10n.t`${shown} of ${all}`;
  return all === 1 ? l10n.t('1 recipe') : l10n.t`${all} recipes`;
}
