import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about runs that continue an earlier one. docs/resume.md says what each trainer does. */
export const RESUME = {
  'adapter-differs': {
    title: l10n.t('The trained adapter has another scaling than this file'),
    text: l10n.t(
      'This run goes on from an adapter in the workspace, and the adapter_config.json beside its weights has another rank or scaling. Where the scaling of this file counts, s·B·A is multiplied by the quotient: set the old scaling, or divide the loaded factors. Where that of the adapter counts, the numbers of this file change nothing.',
    ),
  },
  'run-resumes': {
    title: l10n.t('This run continues from a checkpoint, with the alpha of this file'),
    text: l10n.t(
      'The checkpoint contains the trained factors and the optimizer state, but no alpha. If alpha differs from the earlier run, the layer computes something else from the first step on: s·B·A is multiplied by k, and the optimizer state is in the old units. Keep the alpha of the earlier run. Or divide the loaded factors (the init code does this) and start with a new optimizer state.',
    ),
  },
} satisfies Record<string, Explanation>;
