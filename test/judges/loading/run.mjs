// Holds our readers against the loaders of trainers: `npm run loaders -- [--runs N] [--loader NAME] [--seed N]`.
import { ROOT } from '../../../scripts/paths.mjs';
import { runBundled } from '../../../scripts/bundle.mjs';

process.exitCode = await runBundled('test/judges/loading/main.ts', 'loaders', [ROOT, ...process.argv.slice(2)]);
