import * as l10n from '@vscode/l10n';
import type { ComparisonView, RunRow } from '../../messages/comparison';
import { h, setAttribute, setText, whenChanged, type Component } from '../page/dom';
import { comparedTable } from './compared-table';

/** What differs in what decides the run, and why it matters. */
export function differences(): Component<ComparisonView> {
  const headings = [l10n.t('what'), l10n.t('first'), l10n.t('second'), l10n.t('ratio'), l10n.t('why it matters')];
  const table = comparedTable('differences', l10n.t('What differs, and why it matters'), headings);
  const alike = h('p', { class: 'note muted' });
  const element = h(
    'section',
    { 'aria-labelledby': 'differences-heading' },
    h('h2', { id: 'differences-heading' }, l10n.t('What that makes of the run')),
    table.element,
    alike,
  );
  const draw = whenChanged((rows: readonly RunRow[]) => {
    table.body.replaceChildren(...rows.map(rowOf));
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.differences.length === 0 && view.alike === '');
      setAttribute(table.element, 'hidden', view.differences.length === 0);
      setText(alike, view.alike === '' ? '' : l10n.t`The same: ${view.alike}.`);
      draw(view.differences);
    },
  };
}

function rowOf({ name, first, second, ratio, why, same }: RunRow): HTMLElement {
  const isOpen = same === null;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', { class: valueClass(first) }, first),
    h('td', { class: valueClass(second) }, second),
    h('td', {}, isOpen ? '?' : ratio),
    h('td', { class: 'why' }, why),
  );
}

/** A number stays on one line; words may break. */
export function valueClass(text: string): string | null {
  if (text === 'not stated') return 'muted words';
  return /\s/.test(text) || text.length > 14 ? 'words' : null;
}
