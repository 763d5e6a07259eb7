import * as l10n from '@vscode/l10n';
import type { Peer } from '../../messages/rpc';
import type { RunView, runHostContract } from '../../messages/run';
import { type Component, disclosure, h, setAttribute, setText, setWords } from '../page/dom';
import { button } from '../page/toolkit';
import type { VerdictWords } from './verdict-box-words';

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

interface VerdictBoxView {
  words: VerdictWords;
  run: RunView;
  steps: number;
}

/**
 * The verdict: a headline and one line of evidence; while a run goes on, its progress and the way to stop it; where it
 * failed, the way to the log.
 */
export function verdict(
  id: string,
  label: string,
  host: Pick<Peer<typeof runHostContract>, 'notify'>,
): Component<VerdictBoxView> {
  const symbol = h('span.symbol', { 'aria-hidden': 'true' });
  const headline = h('strong');
  const stale = h('span.tag.stale', l10n.t('outdated'));
  const line = h('p');
  const aside = h('p.muted');
  const detail = h('p.muted');
  const judged = disclosure('how-judged', l10n.t('How this was judged'), detail);
  const bar = h('div.bar', { role: 'progressbar', 'aria-label': l10n.t('Training'), 'aria-valuemin': 0 }, h('i'));
  const count = h('span.muted');
  const act = (label: string, id: string, method: 'stop' | 'openLog'): HTMLElement =>
    button(label, 'secondary', { id }, () => host.notify(method, undefined));
  const progress = h('div.progress', bar, count, act(l10n.t('Stop'), 'stop', 'stop'));
  const toLog = h('div.progress', act(l10n.t('Open log'), 'open-log', 'openLog'));
  const box = h(
    'div.verdict',
    { id },
    symbol,
    // The progress is not part of what a screen reader announces: it would never fall silent.
    h('div', { role: 'status' }, h('div.headline', headline, stale), line, aside),
    progress,
    toLog,
    judged,
  );
  return {
    element: h('section.s-verdict', { 'aria-label': label }, box),
    draw({ words, run, steps }) {
      setAttribute(box, 'data-kind', words.kind);
      setAttribute(box, 'data-stale', words.stale);
      setText(symbol, SYMBOLS[words.kind]);
      setWords(headline, words.headline);
      setText(line, unbroken(words.line));
      setAttribute(line, 'hidden', words.line === '');
      setText(aside, unbroken(words.aside));
      setAttribute(aside, 'hidden', words.aside === '');
      setText(detail, words.detail);
      setAttribute(judged, 'hidden', words.detail === '');
      setAttribute(stale, 'hidden', !words.stale);
      setAttribute(progress, 'hidden', words.kind !== 'running');
      setAttribute(toLog, 'hidden', words.kind !== 'failed');
      setText(count, l10n.t`${steps} of ${run.steps} steps`);
      setAttribute(bar, 'aria-valuenow', steps);
      setAttribute(bar, 'aria-valuemax', run.steps);
      bar.style.setProperty('--done', String(run.steps > 0 ? Math.min(1, steps / run.steps) : 0));
    },
  };
}

/** A number and its unit stay on one line. */
function unbroken(text: string): string {
  return text.replaceAll(' %', '\u00a0%');
}
