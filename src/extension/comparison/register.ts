import { given } from '../arguments';
import type { Answers, Core } from '../core';
import { compareCommand } from './compare-command';
import { showRuns } from './show-runs';

export function registerComparison({
  comparisons,
  inventory,
}: Core): Answers<'compare' | 'compareSelected' | 'showRuns' | 'comparison'> {
  const compare = async (what: unknown, selected: unknown): Promise<void> => {
    const asked = given(what, selected);
    if (asked) await compareCommand(comparisons, inventory, asked);
  };
  return {
    compare,
    compareSelected: compare,
    async showRuns(what) {
      const asked = given(what);
      if (asked) await showRuns(comparisons, asked);
    },
    comparison: comparisons.restore,
  };
}
