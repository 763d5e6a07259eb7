// Configs of image trainers, trained with their own networks and optimizers: `node test/pytorch/image/run.mjs [--python PATH] [words]`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../../../scripts/bundle.mjs';
import { CACHE, ROOT } from '../../../scripts/paths.mjs';

/** How a program ends that lacks its trainer's sources (test/judges/judging.py); it has said so. */
const NOT_INSTALLED = 77;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { python: { type: 'string' } } });
await bundle({ 'pytorch-product': 'test/pytorch/product.ts' });
const statuses = ['sd_scripts.py', 'ai_toolkit.py', 'diffusers_lora.py', 'onetrainer.py'].map((program) => {
  const args = [path.join(ROOT, 'test/pytorch/image', program), path.join(CACHE, 'pytorch-product.js'), ...positionals];
  return spawnSync(values.python ?? 'python3', args, { cwd: ROOT, stdio: 'inherit' }).status;
});
process.exitCode = statuses.every((status) => status === 0 || status === NOT_INSTALLED) ? 0 : 1;
