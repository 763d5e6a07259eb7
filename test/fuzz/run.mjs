// Feeds broken and hostile texts to reading and rewriting: `npm run fuzz -- [--runs N] [--syntax ID] [--seed N]`.
import { runBundled } from '../../scripts/bundle.mjs';
import { ROOT } from '../../scripts/paths.mjs';

process.exitCode = await runBundled('test/fuzz/main.ts', 'fuzz', ['--root', ROOT, ...process.argv.slice(2)]);
