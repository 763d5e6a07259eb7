import * as l10n from '@vscode/l10n';
import { isHere, type PanelView } from '../../messages/panel';
import type { RunView } from '../../messages/run';
import { numberLabel } from '../../recipe/notation';

export interface VerdictWords {
  kind: 'identical' | 'equivalent' | 'nearly' | 'different' | 'undecided' | 'measured' | 'none' | 'running' | 'failed';
  headline: string;
  /** One line of evidence, or what to do. */
  line: string;
  aside: string;
  /** How it was judged; empty where the line says it all. */
  detail: string;
  /** The run checked another target, plan, model or state of the file. */
  stale: boolean;
}

const NO_WORDS = { kind: 'none', line: '', aside: '', detail: '', stale: false } as const;

/** For a field that holds no target. */
export const NO_TARGET: VerdictWords = {
  ...NO_WORDS,
  headline: l10n.t('No target'),
  line: l10n.t('Correct the number above to see its plan.'),
};

/** The verdict in words, in every state of a run. `steps` = steps whose points have come. */
export function verdictWordsOf(view: PanelView, steps: number): VerdictWords {
  const { run, refusal, target, claim } = view;
  const ofRun = runWordsOf(run, steps);
  if (ofRun?.kind === 'running') return ofRun;
  if (refusal !== null && isHere(view)) return { ...NO_WORDS, headline: l10n.t('Nothing to change'), line: refusal };
  if (refusal !== null && !run.verdict) {
    return { ...NO_WORDS, headline: l10n.t('Nothing to check'), line: l10n.t('There is no change a run could check.') };
  }
  if (ofRun) return ofRun;
  if (run.verdict) return { ...verdictLines(run.verdict, claim), stale: run.stale };
  if (view.ranked) return { ...NO_WORDS, headline: l10n.t('Not measured yet'), line: view.ranked.untested };
  const hasNoRule = view.plans.find(({ id }) => id === view.plan)?.caveats.some(({ code }) => code === 'no-rule');
  return {
    ...NO_WORDS,
    headline: claim ?? l10n.t('Not checked yet'),
    line: hasNoRule
      ? l10n.t('No rule is known for this optimizer. A run compares three learning rates: unchanged, ÷ √k and ÷ k.')
      : l10n.t`A run trains a small model at alpha ${numberLabel(view.recipe?.alpha ?? 1)} and ${numberLabel(target.alpha)} side by side.`,
  };
}

/** The words for a run that is running, failed or was stopped; null for a run that is done or has not begun. */
export function runWordsOf(run: RunView, steps: number): VerdictWords | null {
  const { state, stale } = run;
  switch (state) {
    case 'running':
      return {
        ...NO_WORDS,
        kind: 'running',
        headline: run.rates ? l10n.t('Training at both ranks') : l10n.t('Training side by side'),
      };
    case 'failed': {
      const line = run.error ?? l10n.t('The worker gave no reason.');
      const aside = l10n.t('The next run starts a fresh worker. The log says more.');
      return { ...NO_WORDS, kind: 'failed', headline: l10n.t('The run failed'), line, aside, stale };
    }
    case 'stopped': {
      const line = l10n.t`After ${steps} of ${run.steps} steps. A verdict needs the whole run.`;
      return { ...NO_WORDS, headline: l10n.t('Stopped'), line, stale };
    }
    default:
      return null;
  }
}

export function verdictLines(
  { kind, headline, evidence, detail, aside }: NonNullable<RunView['verdict']>,
  claim: string | null,
): Omit<VerdictWords, 'stale'> {
  if (evidence !== '') return { kind, headline, line: evidence, aside, detail };
  // What was not understood is listed below the verdict, with its reasons.
  if (claim !== null && headline === claim) return { kind, headline, line: aside, aside: '', detail: '' };
  return { kind, headline, line: detail, aside, detail: '' };
}
