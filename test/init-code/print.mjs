// Prints every generated init code as JSON, for run.py: `node test/init-code/print.mjs`.
import { runBundled } from '../../scripts/bundle.mjs';

process.exitCode = await runBundled('test/init-code/print.ts', 'init-code', []);
