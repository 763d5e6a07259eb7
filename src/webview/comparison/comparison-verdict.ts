import * as l10n from '@vscode/l10n';
import type { ComparisonView } from '../../messages/comparison';
import { h, setAttribute, setText, type Component } from '../page/dom';

type ComparisonKind = NonNullable<ComparisonView['verdict']>['kind'];

const LOOKS: Readonly<Record<ComparisonKind, { symbol: string; kind: string }>> = {
  same: { symbol: '✓', kind: 'identical' },
  nearly: { symbol: '≈', kind: 'nearly' },
  different: { symbol: '✕', kind: 'different' },
  unknown: { symbol: '?', kind: 'undecided' },
};

/** Whether what is shown is about an earlier text of a file that cannot be read now. */
export function isOutdated({ first, second }: Pick<ComparisonView, 'first' | 'second'>): boolean {
  return first.file.state !== 'ok' || second.file.state !== 'ok';
}

/** The answer in words, before any number. */
export function comparisonVerdict(): Component<ComparisonView> {
  const symbol = h('span', { class: 'symbol', 'aria-hidden': 'true' });
  const headline = h('strong');
  const stale = h('span', { class: 'tag stale' }, l10n.t('outdated'));
  const detail = h('p');
  const news = h('p', { class: 'muted' });
  const box = h(
    'div',
    { class: 'verdict', id: 'verdict' },
    symbol,
    h('div', { role: 'status' }, h('div', { class: 'headline' }, headline, stale), detail, news),
  );
  return {
    element: h('section', { class: 's-verdict', 'aria-label': l10n.t('Verdict') }, box),
    draw(view) {
      const { verdict, first, second, news: said } = view;
      const isMissing = verdict === null;
      const isOld = !isMissing && isOutdated(view);
      setAttribute(box, 'data-stale', isOld);
      setAttribute(stale, 'hidden', !isOld);
      const { symbol: sign, kind } = isMissing ? { symbol: '○', kind: 'none' } : LOOKS[verdict.kind];
      setAttribute(box, 'data-kind', kind);
      setText(symbol, sign);
      setText(headline, verdict?.headline ?? l10n.t('Nothing to compare'));
      const missing = first.recipe === null ? first.file.name : second.file.name;
      setText(detail, verdict?.detail ?? l10n.t`${missing} has no recipe to compare with.`);
      setText(news, said);
      setAttribute(news, 'hidden', said === '');
    },
  };
}
