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

/** The answer in words, before any number. */
export function comparisonVerdict(): Component<ComparisonView> {
  const symbol = h('span', { class: 'symbol', 'aria-hidden': 'true' });
  const headline = h('strong');
  const detail = h('p');
  const news = h('p', { class: 'muted' });
  const box = h(
    'div',
    { class: 'verdict', id: 'verdict' },
    symbol,
    h('div', { role: 'status' }, h('div', { class: 'headline' }, headline), detail, news),
  );
  return {
    element: h('section', { class: 's-verdict', 'aria-label': l10n.t('Verdict') }, box),
    draw({ verdict, first, second, news: said }) {
      const isMissing = verdict === null;
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
