// Holds the transformer against its twin in PyTorch, which must be installed:
// `PYTHON=VENV/bin/python node test/golden/transformer/run.mjs [--write]`; --write renews test/golden/transformer.json.
import { runBundled } from '../../../scripts/bundle.mjs';
import { ROOT } from '../../../scripts/paths.mjs';

process.exitCode = await runBundled('test/golden/transformer/main.ts', 'golden-transformer', [
  ROOT,
  ...process.argv.slice(2),
]);
