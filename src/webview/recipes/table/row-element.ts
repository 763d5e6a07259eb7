import * as l10n from '@vscode/l10n';
import type { RecipeRow } from '../../../messages/recipes';
import { breakable, h } from '../../page/dom';
import { fileOf, numberText, otherRateB, pathOf, runReason, runSign } from './columns';

/** The row that an element is of or in, or null. */
export function rowAround(element: EventTarget | null): HTMLElement | null {
  return element instanceof Element ? element.closest<HTMLElement>('tr[data-id]') : null;
}

/** The part of a row that takes the keyboard: its checkbox, or the file's name where there is nothing to choose. */
export function stopOf(row: HTMLElement): HTMLElement | null {
  return row.querySelector<HTMLElement>('.stop');
}

export function checkboxOf(row: HTMLElement): HTMLInputElement | null {
  return row.querySelector<HTMLInputElement>('input');
}

/** Draws a row. What is chosen, and which row takes the keyboard, is set by the table. */
export function rowElement(row: RecipeRow): HTMLElement {
  const { id, trainer, numbers, note } = row;
  if (!numbers) {
    return h(
      'tr',
      { 'data-id': id, class: 'broken' },
      h('td', { class: 'choose' }),
      fileCell(row, true),
      h('td', { class: 'trainer' }, trainer),
      h('td', { class: 'error', colspan: 5 }, h('span', { 'aria-hidden': 'true' }, '⚠ '), note),
    );
  }
  const { rank, alpha, scaling, rule } = numbers;
  const box = h('input', {
    type: 'checkbox',
    class: 'stop',
    tabindex: -1,
    'aria-label': l10n.t`Choose ${pathOf(row)}`,
    'aria-describedby': 'recipes-keys',
  });
  return h(
    'tr',
    { 'data-id': id },
    h('td', { class: 'choose' }, box),
    fileCell(row, false),
    h('td', { class: 'trainer' }, trainer),
    h('td', { class: 'number' }, String(rank)),
    h('td', { class: 'number' }, numberText(alpha)),
    h(
      'td',
      { class: 'number', title: `s = ${rule}` },
      ...(rule === 'α/√r' ? [aside(rule), ' '] : []),
      numberText(scaling),
    ),
    rateCell(row),
    runCell(row),
  );
}

function fileCell(row: RecipeRow, isStop: boolean): HTMLElement {
  const { name, folder, recipe, trainer, note, numbers } = row;
  const open = h(
    'button',
    {
      type: 'button',
      class: isStop ? 'link open stop' : 'link open',
      tabindex: -1,
      title: l10n.t`Open ${fileOf(row)}`,
    },
    ...breakable(name),
  );
  const isOpen = numbers !== null && note !== '';
  const unsure = h('span', { class: 'unsure', title: note }, '?', h('span', { class: 'hidden-text' }, ` ${note}`));
  return h(
    'th',
    { scope: 'row', class: 'file' },
    ...(folder === '' ? [] : [h('span', { class: 'muted folder' }, ...breakable(`${folder}/`))]),
    open,
    ...(recipe === '' ? [] : [` · ${recipe}`]),
    ...(isOpen ? ['\u00a0', unsure] : []),
    h('span', { class: 'muted below' }, folder === '' ? trainer : `${trainer} · ${folder}`),
  );
}

function rateCell(row: RecipeRow): HTMLElement {
  const b = otherRateB(row);
  const ofB = b === null ? [] : [' ', h('span', { class: 'muted aside of-b' }, `B ${numberText(b)}`)];
  return h('td', { class: 'number' }, numberText(row.numbers?.rate ?? null), ...ofB);
}

function runCell(row: RecipeRow): HTMLElement {
  if (!row.run) return h('td', { class: 'run' });
  const why = runReason(row);
  return h(
    'td',
    { class: 'run', title: why },
    h('span', { class: 'letter' }, runSign(row)),
    h('span', { class: 'hidden-text' }, ` ${why}`),
  );
}

function aside(text: string): HTMLElement {
  return h('span', { class: 'muted aside' }, text);
}
