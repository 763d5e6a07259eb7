import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about runs that continue an earlier one. docs/resume.md says what each trainer does. */
export const RESUME = {
  'adapter-differs': {
    title: l10n.t('The trained adapter has another scaling than this file'),
    text: l10n.t(
      'This run continues from an adapter in the workspace, whose adapter_config.json has another rank or scaling. If the trainer uses the scaling of this file, s·B·A is multiplied by the quotient of the two: set the old scaling (the quick fix does), or convert the adapter (docs/resume.md says how). If it uses the scaling of the adapter, rank and alpha in this file have no effect: the quick fix makes the file say what runs.',
    ),
  },
  'run-resumes': {
    title: l10n.t('This run continues from a checkpoint, with the alpha of this file'),
    text: l10n.t(
      'The checkpoint contains the trained factors and the optimizer state, but no alpha. If alpha differs from the earlier run, the layer computes something else from the first step on: s·B·A is multiplied by k, and the optimizer state is in the old units. Keep the alpha of the earlier run. Or convert the checkpoint: docs/resume.md says how. Where no file can be exported for that, divide the loaded factors (the init code does this) and start with a new optimizer state.',
    ),
  },
} satisfies Record<string, Explanation>;
