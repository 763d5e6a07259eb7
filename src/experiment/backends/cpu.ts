import '@tensorflow/tfjs-backend-cpu';
import type { Backend } from './backend';

/** Plain JavaScript: runs anywhere. */
export const cpu: Backend = { id: 'cpu', prepare: () => undefined, flushSteps: Number.POSITIVE_INFINITY };
