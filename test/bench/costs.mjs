// Measures what checks cost, beside what is predicted: `npm run costs`.
import { runBundled } from '../../scripts/bundle.mjs';

process.exitCode = await runBundled('test/bench/costs.ts', 'costs', process.argv.slice(2));
