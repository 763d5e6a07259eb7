import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Python that has PyTorch, with what else it must find in its environment. */
export interface Python {
  command: string;
  /** `2.13.0+cpu` */
  version: string;
}

export const HOW_TO_GET_TORCH =
  'No Python with PyTorch was found, so only our side is timed. Get one with `pip install torch`, or on Debian with ' +
  '`apt install python3-torch libopenblas0-pthread`, and name it in LORA_ALPHA_PYTHON if it is not the usual python3.\n';

/** One thread in every library; serve.py sets torch's own number when asked. With two of them at two, both collapse. */
const ENVIRONMENT = { ...process.env, OPENBLAS_NUM_THREADS: '1', PYTHONUNBUFFERED: '1' };

/** LORA_ALPHA_PYTHON, then the usual names, then a virtual environment in the cache. */
export function findPython(cache: string): Python | null {
  const usual = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  const beside = existsSync(cache) ? readdirSync(cache).map((folder) => join(cache, folder, 'bin', 'python')) : [];
  for (const command of [process.env.LORA_ALPHA_PYTHON ?? '', ...usual, ...beside.filter((file) => existsSync(file))]) {
    if (command === '') continue;
    const { status, stdout } = spawnSync(command, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (status === 0) return { command, version: stdout.trim() };
  }
  return null;
}

/** Runs a script to its end. @throws Error with what it said when it fails */
export function runScript({ command }: Python, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: ENVIRONMENT,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${args[0] ?? 'the script'} failed: ${stderr}`);
  return stdout;
}

/** torch/serve.py, waiting for questions. */
export interface Torch {
  ask(question: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  end(): void;
}

export function startTorch({ command }: Python, script: string): Torch {
  const child = spawn(command, [script], { env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('PyTorch ended before it had answered');
      return JSON.parse(value) as Record<string, unknown>;
    },
    end: () => child.stdin.end(),
  };
}

/** Numbers as serve.py takes them. */
export function encoded(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}
