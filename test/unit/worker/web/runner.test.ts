import { afterEach, describe, expect, it } from 'vitest';
import { cpu } from '../../../../src/experiment/backends/cpu';
import { wasm } from '../../../../src/experiment/backends/wasm';
import { serve } from '../../../../src/worker/serve';
import { webRunner } from '../../../../src/worker/web/runner';
import { run, spec } from '../../experiment/support/lab';
import { ASSETS } from '../support/bundle';

type Listener = (event: { data?: unknown; message?: string }) => void;

/** Has the shape of a browser's worker and the real program inside; only the thread is missing. */
class PageWorker {
  private readonly here = new Map<string, Set<Listener>>();
  private readonly inside = new Set<(message: unknown) => void>();
  terminated = false;

  constructor() {
    serve(
      {
        post: (message) => this.emit('message', { data: structuredClone(message) }),
        listen: (listener) => {
          this.inside.add(listener);
          return () => this.inside.delete(listener);
        },
      },
      [wasm, cpu],
    );
  }

  postMessage(message: unknown): void {
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => !this.terminated && this.inside.forEach((listener) => listener(copy)));
  }
  addEventListener(type: string, listener: Listener): void {
    this.here.set(type, (this.here.get(type) ?? new Set()).add(listener));
  }
  removeEventListener(type: string, listener: Listener): void {
    this.here.get(type)?.delete(listener);
  }
  terminate(): void {
    // What has no thread of its own must be asked to end.
    if (!this.terminated) this.inside.forEach((listener) => listener({ type: 'tell', method: 'stop' }));
    this.terminated = true;
  }
  emit(type: string, event: { data?: unknown; message?: string }): void {
    if (!this.terminated) this.here.get(type)?.forEach((listener) => listener(event));
  }
}

const started: PageWorker[] = [];
const createWorker = (): Promise<PageWorker> => {
  const worker = new PageWorker();
  started.push(worker);
  return Promise.resolve(worker);
};
afterEach(() => started.splice(0).forEach((worker) => worker.terminate()));

describe('webRunner', () => {
  it('trains in one worker', async () => {
    const runner = webRunner({ createWorker, assets: ASSETS });
    const { losses, backend } = await runner.run(spec({ backend: 'wasm' }), {});
    expect(backend).toBe('wasm');
    expect(losses).toEqual((await run(spec({ backend: 'wasm' }))).losses);
    await runner.run(spec(), {});
    expect(started).toHaveLength(1);
    runner.dispose();
    expect(started[0]?.terminated).toBe(true);
  });

  it('rejects when the worker reports an error, and starts another for the next run', async () => {
    const runner = webRunner({ createWorker, assets: ASSETS });
    const onPoints = (): void => started[0]?.emit('error', { message: 'Uncaught RangeError: too far' });
    const result = runner.run(spec({ steps: 1_000_000 }), { onPoints });
    await expect(result).rejects.toThrow('The training worker failed: Uncaught RangeError: too far');
    expect(started[0]?.terminated).toBe(true);
    expect((await runner.run(spec(), {})).losses[0]).toHaveLength(12);
    expect(started).toHaveLength(2);
    runner.dispose();
  });

  it('rejects when it is killed', async () => {
    const runner = webRunner({ createWorker, assets: ASSETS });
    const result = runner.run(spec({ steps: 1_000_000 }), { onPoints: () => runner.kill() });
    await expect(result).rejects.toThrow('The training worker ended unexpectedly. The next run starts a new one.');
    runner.dispose();
  });

  it('rejects when no worker can be made', async () => {
    const runner = webRunner({ createWorker: () => Promise.reject(new Error('blocked by policy')), assets: ASSETS });
    await expect(runner.run(spec(), {})).rejects.toThrow('blocked by policy');
    runner.dispose();
  });
});
