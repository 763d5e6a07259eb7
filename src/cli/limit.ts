import { Script } from 'node:vm';
import { READING_MS } from '../worker/config-reader';
import { nothing } from './failure';

const WORK = Symbol.for('lora-alpha.work');
const CALL = new Script("globalThis[Symbol.for('lora-alpha.work')]()");

/**
 * Reads or plans a file, for as long as the editor gives its thread at most: whatever the bounds of texts have missed must
 * not keep the terminal. Node stops the call from another thread.
 * @throws Failure where it takes longer
 */
export function inTime<T>(path: string, work: () => T, ms = READING_MS): T {
  Object.assign(globalThis, { [WORK]: work });
  try {
    return CALL.runInThisContext({ timeout: ms }) as T;
  } catch (error) {
    const isLate = error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    throw isLate ? nothing(`${path}: takes more than ${ms / 1000} s to read, so it was given up`) : error;
  }
}
