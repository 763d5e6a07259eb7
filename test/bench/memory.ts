import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backend, memory } from '@tensorflow/tfjs-core';
import { cpu } from '../../src/experiment/backends/cpu';
import { wasm } from '../../src/experiment/backends/wasm';
import { bytesOf } from '../../src/experiment/cost/memory';
import { runExperiment } from '../../src/experiment/run';
import type { BackendId } from '../../src/experiment/spec';
import { rowsOn, specOn, TASKS } from '../support/twin-specs';
import { quiet } from '../unit/experiment/support/lab';

/** What a run holds as it goes on, and a worker over a thousand runs: the tables of docs/memory.md. */

const STEPS = [10, 100, 1_000, 10_000];
const RUNS = [1, 10, 100, 1_000];
const MB = 2 ** 20;

/** What is held at one moment: after a step, or after a run. */
interface Held {
  at: number;
  tensors: number;
  bytes: number;
  /** Bytes of WebAssembly's memory; 0 without. */
  heap: number;
  /** Bytes of the whole process. */
  rss: number;
}

// Run from the project's folder.
const PAGE = join(process.cwd(), 'docs/memory.md');

function lineAt(at: number): Held {
  const { numTensors, numBytes } = memory();
  const heap = (backend() as unknown as { wasm?: { HEAPU8: Uint8Array } }).wasm?.HEAPU8.length ?? 0;
  return { at, tensors: numTensors, bytes: numBytes, heap, rss: process.memoryUsage.rss() };
}

async function during(task: string, id: string, on: BackendId, assets: string): Promise<Held[]> {
  const row = rowsOn(task).find((each) => each.id === id);
  if (!row) throw new Error(`no row ${id}`);
  const lines: Held[] = [];
  await runExperiment(
    { ...specOn(task, row, on), steps: Math.max(...STEPS) },
    {
      ...quiet,
      backends: [wasm, cpu].map((each) => ({ ...each, flushSteps: 10 })),
      assets,
      onPoints({ from, losses: [base = []] }) {
        // Losses are sent every ten steps, or sooner: the first time at or after each tenth.
        const due = 10 * (lines.length + 1);
        if (from + base.length >= due) lines.push(lineAt(due));
      },
    },
  );
  return lines;
}

async function over(on: BackendId, assets: string): Promise<Held[]> {
  const lines: Held[] = [];
  const tasks = Object.keys(TASKS);
  for (let run = 1; run <= Math.max(...RUNS); run++) {
    const task = tasks[run % tasks.length] ?? 'linear';
    const row = rowsOn(task)[run % 5];
    if (row) await runExperiment({ ...specOn(task, row, on), steps: 3 }, { ...quiet, assets });
    lines.push(lineAt(run));
  }
  return lines;
}

function table(of: string, lines: readonly Held[]): string {
  const rows = lines
    .filter(({ at }) => (of === 'step' ? STEPS : RUNS).includes(at))
    .map(
      ({ at, tensors, bytes, heap, rss }) =>
        `| ${at.toLocaleString('en')} | ${tensors} | ${bytes.toLocaleString('en')} | ${heap === 0 ? '–' : (heap / MB).toFixed(1)} | ${(rss / MB).toFixed(0)} |`,
    );
  return [
    `| ${of} | tensors | bytes | WebAssembly's heap, MB | process, MB |`,
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

async function main([assets = '']: readonly string[]): Promise<void> {
  const parts: string[] = [];
  for (const [task, id, on] of [
    ['linear', 'adamw', 'wasm'],
    ['transformer', 'adamw', 'wasm'],
    ['dora', 'sgd', 'cpu'],
    ['mlp', 'muon', 'cpu'],
  ] as const) {
    const row = rowsOn(task).find((each) => each.id === id);
    const bound = row ? bytesOf(specOn(task, row, on)) : 0;
    const lines = await during(task, id, on, assets);
    parts.push(
      `### ${task} under ${id} on ${on}\n\nPredicted peak of a step: ${bound.toLocaleString('en')} bytes.\n\n${table('step', lines)}`,
    );
  }
  for (const on of ['wasm', 'cpu'] as const) {
    const lines = await over(on, assets);
    parts.push(`### A thousand runs in a row on ${on}\n\n${table('after run', lines)}`);
  }
  writeFileSync(PAGE, `${HEAD}\n${parts.join('\n\n')}\n`);
}

const HEAD = `<!-- Written by \`node test/run.mjs bench/memory.ts\`; the numbers are those of the machine it ran on. -->

# What a run keeps

Tensors and bytes as tfjs counts them right after losses were sent; eleven variants side by side. They are the same from the
tenth step to the ten-thousandth, and after a thousand runs of every task as after a few. The process is the whole of Node: it grows
until its garbage is collected, and with the losses, eight bytes a step and variant.

A run is refused before it starts when its tensors would take more than 1 GB (\`src/experiment/cost/memory.ts\` predicts the peak,
between one and five times what is measured over all optimizers and tasks, with dropout, mini-batches, several draws and DoRA), or when
it has more than 8,000,000 losses. A run that is too large for one worker is not shared among several.
`;

void main(process.argv.slice(2));
