import * as l10n from '@vscode/l10n';
import type { PanelView } from '../../messages/panel';
import { h, setAttribute, setText, setWords, type Component } from '../page/dom';
import { button } from '../page/toolkit';
import { verdictWordsOf, type VerdictWords } from './verdict-box-words';

const SYMBOLS: Readonly<Record<VerdictWords['kind'], string>> = {
  identical: '✓',
  equivalent: '✓',
  nearly: '≈',
  different: '✕',
  undecided: '?',
  none: '○',
  running: '',
  failed: '!',
};

/** Where the field holds no alpha. */
const NO_TARGET: VerdictWords = {
  kind: 'none',
  headline: l10n.t('No target alpha'),
  detail: l10n.t('Correct the target to see its plan. Apply is off until then.'),
  aside: '',
  stale: false,
};

/** The answer, in words, before any plot; while a run goes on, its progress and the way to stop it. */
export function verdict(onStop: () => void): Component<{ view: PanelView; steps: number; isWrong: boolean }> {
  const symbol = h('span', { class: 'symbol', 'aria-hidden': 'true' });
  const headline = h('strong');
  const stale = h('span', { class: 'tag stale' }, l10n.t('out of date'));
  const detail = h('p');
  const aside = h('p', { class: 'muted' });
  const outdated = h('p', { class: 'muted' }, l10n.t('The file or the target has changed since this run.'));
  const bar = h(
    'div',
    { class: 'bar', role: 'progressbar', 'aria-label': l10n.t('Training'), 'aria-valuemin': 0 },
    h('i'),
  );
  const count = h('span', { class: 'muted' });
  const progress = h(
    'div',
    { class: 'progress' },
    bar,
    count,
    button(l10n.t('Stop'), 'secondary', { id: 'stop' }, onStop),
  );
  const box = h(
    'div',
    { class: 'verdict', id: 'verdict' },
    symbol,
    // The progress is not part of what a screen reader announces: it would never fall silent.
    h('div', { role: 'status' }, h('div', { class: 'headline' }, headline, stale), detail, aside, outdated),
    progress,
  );
  return {
    element: h('section', { class: 's-verdict', 'aria-label': l10n.t('Verdict') }, box),
    draw({ view, steps, isWrong }) {
      const words = isWrong ? NO_TARGET : verdictWordsOf(view, steps);
      setAttribute(box, 'data-kind', words.kind);
      setAttribute(box, 'data-stale', words.stale);
      setText(symbol, SYMBOLS[words.kind]);
      setWords(headline, words.headline);
      setText(detail, words.detail);
      setText(aside, words.aside);
      setAttribute(aside, 'hidden', words.aside === '');
      setAttribute(stale, 'hidden', !words.stale);
      setAttribute(outdated, 'hidden', !words.stale);
      setAttribute(progress, 'hidden', words.kind !== 'running');
      setText(count, l10n.t`${steps} of ${view.run.steps} steps`);
      setAttribute(bar, 'aria-valuenow', steps);
      setAttribute(bar, 'aria-valuemax', view.run.steps);
      bar.style.setProperty('--done', String(view.run.steps > 0 ? Math.min(1, steps / view.run.steps) : 0));
    },
  };
}
