import * as l10n from '@vscode/l10n';
import type { ComparisonHost, ComparisonView, TrainingView } from '../../messages/comparison';
import { disclosure, h, sentences, setAttribute, setText } from '../page/dom';
import { button } from '../page/toolkit';
import { charts } from '../plots/charts';
import { stepsOf, type RunCurves } from '../runs/live-run';
import { verdict } from '../runs/verdict-box';
import { runWordsOf, verdictLines } from '../runs/verdict-box-words';
import { isOutdated } from './sides';

/** "Train both": a small model with both recipes from one start, its verdict and the panel's plots. */
export function training(host: ComparisonHost): {
  element: HTMLElement;
  draw(view: ComparisonView, curves: RunCurves | null): void;
} {
  const run = button('', 'secondary', { id: 'run' }, () => host.notify('run', undefined));
  const intro = h('p.muted');
  const judged = verdict('trained', l10n.t('Verdict of the training'), host);
  const pictures = charts({ chosen: { more: false, raw: false, solo: null }, onChange: () => undefined });
  const summary = h('p.muted', { id: 'run-summary' });
  const list = sentences();
  const trained = disclosure('how-trained', l10n.t('How it is trained'), summary, list.element);
  const heading = h('h2', { id: 'training-heading' }, l10n.t('Training'));
  const element = h(
    'section.s-training',
    { 'aria-labelledby': 'training-heading' },
    h('div.train', h('div', heading, intro), run),
    judged.element,
    h('div.plots', ...pictures.elements),
    trained,
  );
  return {
    element,
    draw(page, curves) {
      const { training: view } = page;
      setAttribute(element, 'hidden', view === null);
      setAttribute(document.body, 'data-run', view?.run.state ?? 'none');
      if (!view) return;
      const { state, verdict: said } = view.run;
      const isOld = isOutdated(page);
      const now = { ...view.run, stale: view.run.stale || (isOld && state !== 'none') };
      const steps = stepsOf(curves?.id === view.run.id ? curves : null);
      setText(intro, introOf(view));
      setAttribute(intro, 'hidden', view.refusal === null && state !== 'none');
      setAttribute(run, 'hidden', view.refusal !== null || state === 'running');
      run.disabled = isOld;
      setText(run, state === 'none' ? l10n.t('Train both') : l10n.t('Train both again'));
      const words = runWordsOf(now, steps) ?? (said && { ...verdictLines(said, null), stale: now.stale });
      setAttribute(judged.element, 'hidden', words === null);
      if (words) judged.draw({ words, run: now, steps });
      pictures.draw({ run: now, curves });
      setAttribute(trained, 'hidden', view.assumptions.length === 0);
      setText(summary, view.run.summary);
      list.draw(view.assumptions);
    },
  };
}

function introOf({ refusal, untrained }: TrainingView): string {
  if (refusal !== null) return l10n.t`Not trained. ${refusal}`;
  return `${l10n.t('A small model trains with both recipes side by side, from the same start.')} ${untrained}`.trim();
}
