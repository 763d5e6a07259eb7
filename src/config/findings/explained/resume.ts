import type { Explanation } from './explanation';

/** Findings about runs that go on from an earlier one. docs/resume.md says what each trainer does. */
export const RESUME = {
  'run-resumes': {
    title: 'This run goes on from a checkpoint, with the alpha of this file',
    text: 'The checkpoint brings the trained factors and the states of the optimizer, but no alpha. At another alpha than that of the earlier run, the layer computes something else from the first step on: s·B·A is multiplied by k, and the states of the optimizer are in the old units. Keep the alpha of the earlier run, or divide the loaded factors (the init code does it) and start the optimizer afresh.',
  },
} satisfies Record<string, Explanation>;
