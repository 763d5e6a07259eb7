// Measures how reading time grows with the length of a text: `npm run growth -- [WORD…]`.
import { runBundled } from '../../scripts/bundle.mjs';

process.exitCode = await runBundled('test/bench/growth.ts', 'growth', process.argv.slice(2));
