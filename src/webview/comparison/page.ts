import * as l10n from '@vscode/l10n';
import { comparisonHostContract, comparisonPageContract } from '../../messages/comparison';
import type { ComparisonHost, ComparisonView, TrainingView, WayView } from '../../messages/comparison';
import { aside, breakable, disclosure, drawPage, h, type Html, listOf, section } from '../page/dom';
import { focusKeeper, openHost } from '../page/page';
import { button } from '../page/toolkit';
import { charts } from '../plots/charts';
import { liveRun, stepsOf, type RunCurves } from '../runs/live-run';
import { verdict } from '../runs/verdict-box';
import { runWordsOf, verdictLines } from '../runs/verdict-box-words';
import { comparisonAsText } from './as-text';
import { comparisonVerdict, isOutdated, sides } from './sides';
import { differences, signature } from './tables';

/** The page that compares two configs: draws what the host says, tells the host what the user does. */
export function startComparison(): void {
  let view: ComparisonView | null = null;
  const live = liveRun(
    () => host,
    () => draw(),
  );
  const { host, vscode } = openHost(comparisonPageContract, comparisonHostContract, {
    view(next) {
      view = next.view;
      draw();
      vscode.setState(next.state);
      document.body.dataset['ready'] = 'true';
    },
    ...live.handlers,
  });
  const pictures = charts({ more: false, raw: false, solo: null }, () => draw());
  const keepFocus = focusKeeper({ run: ['stop'], stop: ['run'] });
  function draw(): void {
    if (!view) return;
    const html = pageOf(view, trainingOf(view, live.curves(), pictures, host), host);
    keepFocus(() => drawPage(html));
    pictures.paint();
    document.body.dataset['verdict'] = view.verdict?.kind ?? 'none';
    document.body.dataset['run'] = view.training?.run.state ?? 'none';
  }
  host.notify('ready', undefined);
}

/** Every part of the page in its place: both files, the verdict, the differences, the ways to the same run. */
function pageOf(view: ComparisonView, training: Html, host: ComparisonHost): Html {
  const isOld = isOutdated(view);
  const copied = { id: 'copy-comparison', disabled: view.verdict === null || isOld };
  return h(
    'main.comparison',
    { 'data-stale': isOld },
    sides(view, host),
    comparisonVerdict(view),
    training,
    differences(view, host),
    waysTo(view, host),
    signature(view),
    disclosure('assumed', l10n.t('What is assumed'), { hidden: view.foot === '' }, h('p.note.muted.foot', view.foot)),
    h(
      'div.actions',
      { role: 'group', 'aria-label': l10n.t('Actions') },
      button(l10n.t('Copy as text'), 'secondary', copied, () =>
        host.notify('copy', { text: comparisonAsText(view), what: l10n.t('The comparison') }),
      ),
    ),
  );
}

/** "Train both": a small model with both recipes from one start, its verdict and the panel's plots. */
function trainingOf(
  page: ComparisonView,
  curves: RunCurves | null,
  pictures: ReturnType<typeof charts>,
  host: ComparisonHost,
): Html {
  const { training: view } = page;
  if (!view) return h('section.s-training', { hidden: true });
  const { state, verdict: said, summary } = view.run;
  const isOld = isOutdated(page);
  const run = { ...view.run, stale: view.run.stale || (isOld && state !== 'none') };
  const steps = stepsOf(curves?.id === run.id ? curves : null);
  const start = { id: 'run', hidden: view.refusal !== null || state === 'running', disabled: isOld };
  const label = state === 'none' ? l10n.t('Train both') : l10n.t('Train both again');
  const words = runWordsOf(run, steps) ?? (said && { ...verdictLines(said, null), stale: run.stale });
  return h(
    'section.s-training',
    { 'aria-labelledby': 'training-heading', hidden: false },
    h(
      'div.train',
      h(
        'div',
        h('h2', { id: 'training-heading' }, l10n.t('Training')),
        h('p.muted', { hidden: view.refusal === null && state !== 'none' }, introOf(view)),
      ),
      button(label, 'secondary', start, () => host.notify('run', undefined)),
    ),
    verdict({ id: 'trained', label: l10n.t('Verdict of the training'), host, words, run, steps }),
    h('div.plots', pictures.html(run, curves)),
    disclosure(
      'how-trained',
      l10n.t('How it is trained'),
      { hidden: view.assumptions.length === 0 },
      h('p.muted', { id: 'run-summary' }, summary),
      listOf('ul.muted', view.assumptions),
    ),
  );
}

function introOf({ refusal, untrained }: TrainingView): string {
  if (refusal !== null) return l10n.t`Not trained. ${refusal}`;
  return `${l10n.t('A small model trains with both recipes side by side, from the same start.')} ${untrained}`.trim();
}

/** The ways to make the second the same run as the first: name, what is written, and a button that writes it. */
function waysTo(view: ComparisonView, host: ComparisonHost): Html {
  const { ways, first, second } = view;
  // One button stands out: the first way that can be written.
  const best = ways.find(({ refusal }) => refusal === null);
  const made = ways.map((way) => {
    const { id, title } = way;
    const label = l10n.t`Apply to file… (${second.name}): ${title}`;
    const own = { id: `apply-${id}`, 'aria-label': label, disabled: isOutdated(view) };
    const apply = button(l10n.t('Apply to file…'), way === best ? 'primary' : 'secondary', own, () =>
      host.notify('apply', { way: id }),
    );
    return wayOf(way, second.name, apply);
  });
  const heading = l10n.t`Make ${second.name} match ${first.name}`;
  return section('section', 'ways', heading, { hidden: ways.length === 0 }, h('div.ways', made));
}

function wayOf({ title, needs, changes, left, refusal }: WayView, file: string, apply: Html): Html {
  // `lora_alpha 64 → 16`
  const moves = changes.map(({ key, from, to, note }) =>
    h('li', breakable(key), ' ', h('span.muted', `${from} →`), ' ', h('b', to), aside(note)),
  );
  return h(
    'article.way',
    { 'aria-label': title },
    h('h3', title, ' ', h('span.muted.needs', needs)),
    h('ul.changes', { 'aria-label': l10n.t`${title}: change in ${file}` }, moves),
    left !== '' && h('p.note.muted', left),
    refusal === null ? apply : h('p.note.muted', l10n.t`Apply is locked: ${refusal}`),
  );
}
