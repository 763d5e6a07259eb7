import type { Answers, Core } from '../core';
import { explain } from './explain';
import { openRules } from './open-rules';

export function registerExplanations({ context }: Core): Answers<'explain' | 'showRules'> {
  return { explain, showRules: () => openRules(context.extensionUri) };
}
