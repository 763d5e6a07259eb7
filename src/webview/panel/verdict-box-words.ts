import * as l10n from '@vscode/l10n';
import type { PanelView } from '../../messages/panel';
import { numberLabel } from '../../recipe/notation';

/** What the verdict's box says. */
export interface VerdictWords {
  kind: 'identical' | 'equivalent' | 'nearly' | 'different' | 'undecided' | 'none' | 'running' | 'failed';
  headline: string;
  detail: string;
  aside: string;
  /** True when it is about an earlier state of the file or another target. */
  stale: boolean;
}

/** The verdict in words, in every state a run can be in. `steps` = steps whose points have come. */
export function verdictWordsOf(
  { run, refusal, recipe, target, plans, plan, claim, left }: PanelView,
  steps: number,
): VerdictWords {
  const words = { aside: '', stale: false };
  if (run.state === 'running') {
    return { ...words, kind: 'running', headline: l10n.t('Training side by side'), detail: run.summary };
  }
  if (refusal !== null && target.k === 1)
    return {
      ...words,
      kind: 'none',
      headline: left === null ? l10n.t('Nothing to change') : l10n.t('Written'),
      detail: refusal,
    };
  if (refusal !== null && !run.verdict) {
    return {
      ...words,
      kind: 'none',
      headline: l10n.t('Nothing to check'),
      detail: l10n.t('There is no change a run could check.'),
    };
  }
  if (run.state === 'failed') {
    const detail = run.error ?? l10n.t('The worker gave no reason.');
    const aside = l10n.t('The next run starts a fresh worker. The log says more.');
    return { kind: 'failed', headline: l10n.t('The run failed'), detail, aside, stale: run.stale };
  }
  if (run.state === 'stopped') {
    const detail = l10n.t`After ${steps} of ${run.steps} steps. A verdict needs the whole run.`;
    return { kind: 'none', headline: l10n.t('Stopped'), detail, aside: '', stale: run.stale };
  }
  if (run.verdict) {
    const { detail, aside } = run.verdict;
    // What was not understood is listed below the verdict, with its reasons.
    const isListed = claim !== null && run.verdict.headline === claim;
    return { ...run.verdict, ...(isListed ? { detail: aside, aside: '' } : { detail, aside }), stale: run.stale };
  }
  const alpha = numberLabel(target.alpha);
  const hasNoRule = plans.find(({ id }) => id === plan)?.caveats.some(({ code }) => code === 'no-rule') ?? false;
  const what = hasNoRule
    ? l10n.t`as it is now, and at alpha ${alpha} with its rate, its rate / √k and its rate / k. No rule says which of them comes closest.`
    : l10n.t`as it is now, rescaled to alpha ${alpha}, and with alpha alone changed. If the rule is right, the first two learn in step.`;
  const detail = l10n.t`A run trains a small model with LoRA under your ${recipe?.optimizer ?? l10n.t('optimizer')} several times side by side: ${what}`;
  return {
    ...words,
    kind: 'none',
    headline: claim ?? l10n.t('Not checked yet'),
    detail,
    aside: l10n.t('It takes a second or two, on this machine.'),
  };
}
