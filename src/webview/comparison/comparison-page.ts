import * as l10n from '@vscode/l10n';
import type { ComparisonView, ComparisonHost } from '../../messages/comparison';
import { focusKeeper } from '../page/keep-focus';
import { disclosure } from '../page/disclosure';
import { h, setAttribute, setText } from '../page/dom';
import { button } from '../page/toolkit';
import type { RunCurves } from '../runs/run-store';
import { comparisonAsText } from './as-text';
import { differences } from './differences';
import { sides } from './sides';
import { signature } from './signature-table';
import { comparisonVerdict, isOutdated } from './comparison-verdict';
import { training } from './training';
import { ways } from './ways-list';

/** Every part of the page in its place: both files, the verdict, the differences, the ways to the same run. */
export function comparisonPage(host: ComparisonHost): {
  element: HTMLElement;
  draw(view: ComparisonView, curves: RunCurves | null): void;
} {
  let view: ComparisonView | null = null;
  const foot = h('p', { class: 'note muted foot' });
  const assumed = disclosure('assumed', l10n.t('What is assumed'), foot);
  const copy = button(l10n.t('Copy as text'), 'secondary', { id: 'copy-comparison' }, () => {
    if (view) host.notify('copy', { text: comparisonAsText(view), what: l10n.t('The comparison') });
  });
  const above = [sides(host), comparisonVerdict()];
  const below = [differences(host), ways((way) => host.notify('apply', { way })), signature()];
  const trained = training(host);
  const keepFocus = focusKeeper({ run: ['stop'], stop: ['run'] });
  const actions = h('div', { class: 'actions', role: 'group', 'aria-label': l10n.t('Actions') }, copy);
  const element = h(
    'main',
    { class: 'comparison' },
    ...above.map((part) => part.element),
    trained.element,
    ...below.map((part) => part.element),
    assumed,
    actions,
  );
  return {
    element,
    draw(next, curves) {
      view = next;
      for (const part of [...above, ...below]) part.draw(next);
      keepFocus(() => trained.draw(next, curves));
      setText(foot, next.foot);
      setAttribute(assumed, 'hidden', next.foot === '');
      const isOld = isOutdated(next);
      setAttribute(element, 'data-stale', isOld);
      copy.disabled = next.verdict === null || isOld;
      setAttribute(document.body, 'data-verdict', next.verdict?.kind ?? 'none');
    },
  };
}
