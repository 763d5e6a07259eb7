import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseBackend } from '../../../src/experiment/backends/choose';
import { pretrained } from '../../../src/experiment/training/pretrained';
import { runExperiment } from '../../../src/experiment/run';
import { quiet } from '../../unit/experiment/support/lab';
import { torchProblem } from '../../bench/torch/problem';
import { KEPT_NAMES, NAMES, specOf, compared } from './cases';

const TWIN = 'test/bench/torch/transformer.py';
const FIXTURE = 'test/golden/transformer.json';
const options = { ...quiet, assets: 'node_modules/@tensorflow/tfjs-backend-wasm/dist' };

/**
 * Trains every case here and in PyTorch, which must be installed, and says how far apart they are:
 * `PYTHON=VENV/bin/python node test/run.mjs golden/transformer/main.ts [--write]`; --write renews transformer.json.
 */
async function main(args: readonly string[]): Promise<number> {
  const python = process.env['PYTHON'] ?? 'python3';
  const folder = mkdtempSync(join(tmpdir(), 'transformer-'));
  const kept: Record<string, number[][]> = {};
  let failed = 0;
  try {
    for (const name of NAMES) {
      for (const backend of ['cpu', 'wasm'] as const) {
        const spec = specOf(name, backend);
        await chooseBackend(backend, options.backends, options.assets);
        const path = join(folder, `${name}.json`);
        writeFileSync(path, JSON.stringify(torchProblem(spec, await pretrained(spec, backend, options))));
        const said: unknown = JSON.parse(execFileSync(python, [TWIN, path, '1', '--losses'], { encoding: 'utf8' }));
        const torch = (said as { losses: number[][] }).losses;
        if (backend === 'cpu' && KEPT_NAMES.includes(name)) kept[name] = torch;
        const { losses } = await runExperiment(spec, options);
        const { ok, deviation, drift, moved } = compared(spec, losses, torch);
        if (!ok) failed++;
        const numbers = `deviation ${deviation.toExponential(1)}, rounding ${drift.toExponential(1)}`;
        process.stdout.write(`${ok ? 'ok' : 'NO'}  ${backend} ${name}: ${numbers}, moved ${moved.toFixed(3)}\n`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (args.includes('--write')) writeFileSync(FIXTURE, `${JSON.stringify(kept)}\n`);
  return failed === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
