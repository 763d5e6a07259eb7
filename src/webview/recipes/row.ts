import * as l10n from '@vscode/l10n';
import type { RecipeRow } from '../../messages/recipes';
import { breakable, h, type Html } from '../page/dom';
import { fileOf, numberText, otherRateB, pathOf, runReason, runSign } from './rows';

/** A row; the part that takes the keyboard is its checkbox, or the file's name where there is nothing to choose. */
export function rowElement(row: RecipeRow, isChosen: boolean, tabindex: 0 | -1): Html {
  const { id, trainer, method, numbers, note } = row;
  if (!numbers) {
    const error = h('td.error', { colspan: 6 }, h('span', { 'aria-hidden': 'true' }, '⚠ '), note);
    const name = h('button.link.open.stop', { tabindex, title: l10n.t`Open ${fileOf(row)}` }, breakable(row.name));
    return h('tr.broken', { 'data-id': id }, h('td.choose'), fileCell(row, name), h('td.trainer', trainer), error);
  }
  const { rank, alpha, scaling, rule, rate } = numbers;
  const keys = { 'aria-label': l10n.t`Choose ${pathOf(row)}`, 'aria-describedby': 'recipes-keys' };
  const name = h('button.link.open', { tabindex: -1, title: l10n.t`Open ${fileOf(row)}` }, breakable(row.name));
  const b = otherRateB(row);
  const sign = row.run && [h('span.letter', runSign(row)), h('span.hidden-text', ` ${runReason(row)}`)];
  return h(
    'tr',
    { 'data-id': id, 'aria-selected': String(isChosen) },
    h('td.choose', h('input.stop', { type: 'checkbox', tabindex, checked: isChosen, ...keys })),
    fileCell(row, name),
    h('td.trainer', trainer),
    h('td.method', method),
    h('td.number', String(rank)),
    h('td.number', numberText(alpha)),
    h(
      'td.number',
      { title: `s = ${rule}` },
      rule === 'α/√r' && [h('span.muted.aside', rule), ' '],
      numberText(scaling),
    ),
    h('td.number', numberText(rate), b !== null && [' ', h('span.muted.aside.of-b', `B ${numberText(b)}`)]),
    h('td.run', { title: runReason(row) || null }, sign),
  );
}

function fileCell({ folder, recipe, trainer, method, note, numbers }: RecipeRow, name: Html): Html {
  const unsure = h('span.unsure', { title: note }, '?', h('span.hidden-text', ` ${note}`));
  return h(
    'th.file',
    { scope: 'row' },
    folder !== '' && h('span.muted.folder', breakable(`${folder}/`)),
    name,
    recipe !== '' && ` · ${recipe}`,
    numbers !== null && note !== '' && ['\u00a0', unsure],
    h('span.muted.below', [trainer, method, folder].filter((part) => part !== '').join(' · ')),
  );
}
