// Configs of image trainers, trained with their own networks and optimizers: `node test/pytorch/image/run.mjs [--python PATH] [words]`.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../../../scripts/bundle.mjs';
import { CACHE, ROOT } from '../../../scripts/paths.mjs';
import { run } from '../../../scripts/shell.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { python: { type: 'string' } } });
await bundle({ 'pytorch-product': 'test/pytorch/product.ts' });
for (const program of ['main.py', 'ai_toolkit.py', 'diffusers_lora.py', 'onetrainer.py']) {
  const args = [path.join(ROOT, 'test/pytorch/image', program), path.join(CACHE, 'pytorch-product.js'), ...positionals];
  await run(values.python ?? 'python3', args, { cwd: ROOT, show: true });
}
