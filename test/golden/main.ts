import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpu } from '../../src/experiment/backends/cpu';
import { wasm } from '../../src/experiment/backends/wasm';
import { replay } from './replay';
import { parseGolden } from './schema';

/** The bundle is in .cache/, so the root is one folder up. */
const ASSETS = join(__dirname, '../node_modules/@tensorflow/tfjs-backend-wasm/dist');

const USAGE = 'golden -- FILE.json [--backend cpu|wasm]';

/** Replays a file of PyTorch runs: one JSON line a case on stdout, then how many passed and failed. */
async function main(args: readonly string[]): Promise<number> {
  const [path, flag, id = 'wasm'] = args;
  const backend = [wasm, cpu].find((candidate) => candidate.id === id);
  if (path === undefined || (flag !== undefined && flag !== '--backend') || !backend)
    throw new Error(`usage: ${USAGE}`);
  const file = parseGolden(readFileSync(path, 'utf8'), path);
  const leftOut = new Map<string, number>();
  const leave = (why: string): void => void leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
  const counts = { passed: 0, failed: 0 };
  for (const golden of file.cases) {
    const result = await replay(file, golden, backend, ASSETS);
    if (typeof result === 'string') {
      leave(result);
      continue;
    }
    result.leftOut?.forEach(leave);
    counts[result.ok ? 'passed' : 'failed']++;
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  for (const [why, count] of leftOut) process.stderr.write(`left out ${count}: ${why}\n`);
  return counts.failed === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`golden: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 64;
  },
);
