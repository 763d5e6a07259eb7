// Measures how reading time grows with the length of a text: `npm run growth -- [FILE…] [--pairs]`.
import { runBundled } from '../../../scripts/bundle.mjs';

process.exitCode = await runBundled('test/fuzz/growth/main.ts', 'growth', process.argv.slice(2));
