// Attacks the verdict with planted errors: `npm run attack -- [--runs N] [--seed N] [--json [FILE]]`.
import { runBundled } from '../../scripts/bundle.mjs';

process.exitCode = await runBundled('test/attack/main.ts', 'attack', process.argv.slice(2));
