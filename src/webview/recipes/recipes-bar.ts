import * as l10n from '@vscode/l10n';
import type { RecipeRow, RecipesHost } from '../../messages/recipes';
import { h, setText } from '../page/dom';
import { menu } from '../page/menu';
import { button } from '../page/toolkit';
import { rowsAsCsv, rowsAsMarkdown } from './export-rows';

export interface RecipesBar {
  readonly element: HTMLElement;
  /**
   * @param chosen in the order they were chosen in
   * @param hidden how many of them the filter hides
   */
  draw(shown: readonly RecipeRow[], chosen: readonly RecipeRow[], hidden: number): void;
}

/** What can be done with the chosen rows; without any, all that are shown are exported. */
export function recipesBar(host: RecipesHost): RecipesBar {
  let exported: readonly RecipeRow[] = [];
  let pair: readonly RecipeRow[] = [];
  const compare = button(l10n.t('Compare'), 'primary', { id: 'compare' }, () => {
    const [first, second] = pair;
    if (first && second) host.notify('compare', { first: first.id, second: second.id });
  });
  const { element: exports, trigger } = menu('export', l10n.t('Export'), [
    {
      id: 'save-csv',
      label: l10n.t('Save as CSV…'),
      choose: () => host.notify('save', { kind: 'csv', data: rowsAsCsv(exported) }),
    },
    {
      id: 'save-markdown',
      label: l10n.t('Save as Markdown…'),
      choose: () => host.notify('save', { kind: 'md', data: rowsAsMarkdown(exported) }),
    },
    {
      id: 'copy-markdown',
      label: l10n.t('Copy as Markdown'),
      choose: () => host.notify('copy', { text: rowsAsMarkdown(exported), what: l10n.t('The recipes') }),
    },
  ]);
  const status = h('span', { class: 'muted', role: 'status', id: 'chosen' });
  const element = h(
    'div',
    { class: 'recipes-bar', role: 'group', 'aria-label': l10n.t('Actions') },
    compare,
    exports,
    status,
  );
  return {
    element,
    draw(shown, chosen, hidden) {
      pair = chosen.length === 2 ? chosen : [];
      // In the order of the table; what the filter hides comes last.
      exported =
        chosen.length === 0
          ? shown
          : [...shown.filter((row) => chosen.includes(row)), ...chosen.filter((row) => !shown.includes(row))];
      compare.disabled = chosen.length !== 2;
      trigger.disabled = exported.length === 0;
      setText(trigger, l10n.t`Export ${exported.length} ▾`);
      setText(status, chosenText(chosen.length, hidden));
    },
  };
}

function chosenText(count: number, hidden: number): string {
  const rest = hidden === 0 ? '' : l10n.t` (${hidden} hidden by the filter)`;
  if (count === 0) return l10n.t('Choose two to compare');
  if (count === 1) return l10n.t`1 chosen${rest}, choose one more to compare`;
  if (count === 2) return l10n.t`2 chosen${rest}`;
  return l10n.t`${count} chosen${rest}, compare takes two`;
}
