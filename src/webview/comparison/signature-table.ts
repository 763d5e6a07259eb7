import * as l10n from '@vscode/l10n';
import type { ComparisonView, RunRow } from '../../messages/comparison';
import { disclosure } from '../page/disclosure';
import { h, setAttribute, whenChanged, type Component } from '../page/dom';
import { valueClass } from './differences';
import { comparedTable } from './compared-table';

/** Both signatures, number by number: what no alpha can change. Open where there is nothing else to show. */
export function signature(): Component<ComparisonView> {
  const table = comparedTable('signature', l10n.t('Both signatures'));
  const element = disclosure(
    'signatures',
    l10n.t('Signatures'),
    h(
      'p',
      { class: 'muted note' },
      l10n.t(
        'A signature is the recipe as it would be at scaling 1 with A starting at size 1. Two recipes are the same run when their signatures agree.',
      ),
    ),
    table.element,
  );
  let touched = false;
  element.querySelector('summary')?.addEventListener('click', () => {
    touched = true;
  });
  const draw = whenChanged(({ rows, names }: { rows: readonly RunRow[]; names: readonly string[] }) => {
    const headings = [l10n.t('number'), l10n.t('formula'), ...names, l10n.t('ratio')];
    table.draw(headings, [{ label: '', rows: rows.map(rowOf) }]);
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.signature.length === 0);
      if (!touched) setAttribute(element, 'open', view.verdict?.kind === 'same');
      draw({ rows: view.signature, names: [view.first.name, view.second.name] });
    },
  };
}

function rowOf({ name, formula, first, second, ratio, same }: RunRow): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', { class: 'muted formula' }, formula),
    h('td', { class: valueClass(first) }, first),
    h('td', { class: valueClass(second) }, second),
    h('td', { class: same === true ? 'muted' : null }, same === null ? '?' : ratio),
  );
}
