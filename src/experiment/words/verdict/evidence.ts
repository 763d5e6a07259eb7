import * as l10n from '@vscode/l10n';
import type { ExperimentSpec } from '../../spec';
import type { Verdict } from '../../verdict';
import { sizeWords } from '../sizes';

/**
 * The evidence for a verdict in one line: `The loss differs by up to 4e-7; rounding error alone: 3e-7.` Empty for a
 * verdict that needs its reason instead.
 * @param rescaled the largest relative deviation of the rescaled run
 */
export function evidenceWords(
  { steps }: Pick<ExperimentSpec, 'steps'>,
  { kind, envelope, firstStep, departures, coarse }: Verdict,
  rescaled: number,
): string {
  if (kind === 'undecided' || (coarse.length > 0 && departures.length === 0)) return '';
  if (kind === 'identical') return l10n.t`Every loss of ${steps} steps has the same bits.`;
  const size = l10n.t`The loss differs by up to ${sizeWords(rescaled)}; rounding error alone: ${sizeWords(envelope)}.`;
  return kind === 'different' && firstStep !== null ? l10n.t`${size} It starts at step ${firstStep}.` : size;
}
