// Bundles and runs a program of the tests: `node test/run.mjs bench/costs.ts [ARGS…]`.
import { runBundled } from '../scripts/bundle.mjs';

const [program = '', ...args] = process.argv.slice(2);
process.exitCode = await runBundled(`test/${program}`, program.replaceAll(/\W/g, '-'), args);
