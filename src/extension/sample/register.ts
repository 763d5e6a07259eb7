import type { Answers, Core } from '../core';
import { openSample } from './open-sample';

export function registerSample({ context, log }: Core): Answers<'openSample'> {
  return { openSample: () => openSample(context, log) };
}
