import type { Answers, Core } from '../core';
import { explain, openRules } from './explain';

export function registerExplanations({ context }: Core): Answers<'explain' | 'showRules'> {
  return { explain, showRules: () => openRules(context.extensionUri) };
}
