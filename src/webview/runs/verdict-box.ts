import * as l10n from '@vscode/l10n';
import type { Peer } from '../../messages/rpc';
import type { RunView, runHostContract } from '../../messages/run';
import { type Child, disclosure, h, type Html, progressBar, unlessEmpty, withCode } from '../page/dom';
import { button } from '../page/toolkit';
import type { VerdictWords } from './verdict-box-words';

const SYMBOLS: Readonly<Record<VerdictWords['kind'], string>> = {
  identical: '✓',
  equivalent: '✓',
  nearly: '≈',
  different: '✕',
  undecided: '?',
  measured: '≈',
  none: '○',
  running: '',
  failed: '!',
};

interface VerdictBox {
  id: string;
  label: string;
  host: Pick<Peer<typeof runHostContract>, 'notify'>;
  /** None before there is anything to say. */
  words: VerdictWords | null;
  run: RunView;
  steps: number;
}

/**
 * The verdict: a headline and one line of evidence; while a run goes on, its progress and the way to stop it; where it
 * failed, the way to the log.
 */
export function verdict({ id, label, host, words, run, steps }: VerdictBox): Html {
  if (!words) return h('section.s-verdict', { 'aria-label': label, hidden: true });
  const { kind, headline, line, aside, detail, stale } = words;
  const act = (words: string, of: string, method: 'stop' | 'openLog'): Html =>
    button(words, 'secondary', { id: of }, () => host.notify(method, undefined));
  return h(
    'section.s-verdict',
    { 'aria-label': label, hidden: false },
    answerBox(
      { id, kind, stale, headline },
      [unlessEmpty('p', unbroken(line)), unlessEmpty('p.muted', unbroken(aside))],
      // The progress is not part of what a screen reader announces: it would never fall silent.
      h(
        'div.progress',
        { hidden: kind !== 'running' },
        progressBar(l10n.t('Training'), steps, run.steps),
        h('span.muted', l10n.t`${steps} of ${run.steps} steps`),
        act(l10n.t('Stop'), 'stop', 'stop'),
      ),
      h('div.progress', { hidden: kind !== 'failed' }, act(l10n.t('Open log'), 'open-log', 'openLog')),
      disclosure('how-judged', l10n.t('How this was judged'), { hidden: detail === '' }, h('p.muted', detail)),
    ),
  );
}

/** An answer: its sign, its headline, and what a screen reader says with it; `more` it does not say by itself. */
export function answerBox(
  { id, kind, stale, headline }: Pick<VerdictWords, 'kind' | 'stale' | 'headline'> & { id: string },
  said: readonly Child[],
  ...more: readonly Child[]
): Html {
  const tag = h('span.tag.stale', { hidden: !stale }, l10n.t('outdated'));
  return h(
    'div.verdict',
    { id, 'data-kind': kind, 'data-stale': stale },
    h('span.symbol', { 'aria-hidden': 'true' }, SYMBOLS[kind]),
    h('div', { role: 'status' }, h('div.headline', h('strong', withCode(headline)), tag), said),
    ...more,
  );
}

/** A number and its unit or sign stay on one line: `2e-5 %`, `÷ 1.3`. */
function unbroken(text: string): string {
  return text
    .replaceAll(' %', '\u00a0%')
    .replaceAll(/([×÷]) /g, '$1\u00a0')
    .replace(/(?<=\de)-(?=\d)/g, '\u2011');
}
