// Runs trajectories.ts: `node test/golden/trajectories.mjs < REQUEST.json > ANSWER.json`.
import { runBundled } from '../../scripts/bundle.mjs';

process.exitCode = await runBundled('test/golden/trajectories.ts', 'trajectories', process.argv.slice(2));
