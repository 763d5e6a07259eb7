import { errorLine, EXIT } from './failure';

const cleanups = new Set<() => void>();

/** Ends the process at once on Ctrl-C or when asked to terminate. Files are replaced in one step, so none is left half-written. */
export function exitWhenInterrupted(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const cleanup of cleanups) cleanup();
      process.stderr.write(errorLine('stopped'));
      process.exit(EXIT.interrupted);
    });
  }
}

/** Has `cleanup` done before such an end; returns a function that takes it back. */
export function beforeInterrupt(cleanup: () => void): () => void {
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}
