import { given } from '../arguments';
import type { Answers, Core } from '../core';
import { check } from './check-command';

export function registerPanel({
  panels,
  inventory,
  previews,
}: Core): Answers<'check' | 'applyPreview' | 'discardPreview' | 'panel'> {
  return {
    async check(what, network) {
      const asked = given(what, network);
      if (asked) await check(panels, inventory, asked);
    },
    applyPreview: () => previews.answer(true),
    discardPreview: () => previews.answer(false),
    panel: panels.restore,
  };
}
