import { Presets, SingleBar } from 'cli-progress';

/** A bar on stderr while a training runs; silent where nobody watches (a pipe, CI). */
export interface ProgressBar {
  start(steps: number, what: string): void;
  to(step: number): void;
  stop(): void;
}

export function progressBar(): ProgressBar {
  if (!process.stderr.isTTY) return { start: () => undefined, to: () => undefined, stop: () => undefined };
  const format = '{what}  {bar}  {value}/{total} steps';
  const bar = new SingleBar(
    { format, barsize: 32, hideCursor: true, clearOnComplete: true, fps: 20, stream: process.stderr },
    Presets.shades_classic,
  );
  return {
    start: (steps, what) => bar.start(steps, 0, { what }),
    to: (step) => bar.update(step),
    stop: () => bar.stop(),
  };
}
