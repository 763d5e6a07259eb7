import * as l10n from '@vscode/l10n';
import type { ComparisonView } from '../../messages/comparison';
import { disclosure } from '../page/disclosure';
import { h, setAttribute, setText, type Component } from '../page/dom';
import { button } from '../page/toolkit';
import { comparisonAsText } from './as-text';
import { differences } from './differences';
import type { ComparisonHost } from './comparison-host';
import { sides } from './sides';
import { signature } from './signature-table';
import { comparisonVerdict } from './comparison-verdict';
import { ways } from './ways-list';

/** Every part of the page in its place: both files, the verdict, the differences, the ways to the same run. */
export function comparisonPage(host: ComparisonHost): Component<ComparisonView> {
  let view: ComparisonView | null = null;
  const foot = h('p', { class: 'note muted foot' });
  const assumed = disclosure('assumed', l10n.t('What is assumed'), foot);
  const copy = button(l10n.t('Copy as text'), 'secondary', { id: 'copy-comparison' }, () => {
    if (view) host.notify('copy', { text: comparisonAsText(view), what: l10n.t('The comparison') });
  });
  const parts = [
    sides(host),
    comparisonVerdict(),
    differences(host),
    ways((way) => host.notify('apply', { way })),
    signature(),
  ];
  const actions = h('div', { class: 'actions', role: 'group', 'aria-label': l10n.t('Actions') }, copy);
  const element = h('main', { class: 'comparison' }, ...parts.map((part) => part.element), assumed, actions);
  return {
    element,
    draw(next) {
      view = next;
      for (const part of parts) part.draw(next);
      setText(foot, next.foot);
      setAttribute(assumed, 'hidden', next.foot === '');
      copy.disabled = next.verdict === null;
      setAttribute(document.body, 'data-verdict', next.verdict?.kind ?? 'none');
    },
  };
}
