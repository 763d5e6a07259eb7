// Runs trajectories.ts: `node test/golden/trajectories.mjs < REQUEST.json > ANSWER.json`.
import { runBundled } from './bundle.mjs';

process.exitCode = await runBundled('trajectories.ts', '../../.cache/trajectories.js', process.argv.slice(2));
