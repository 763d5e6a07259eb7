// The real libraries as judges: `npm run test:pytorch -- [words] [--quick] [--python PATH] [--jobs N] [--save]`.
import { runPytorch } from './suite.mjs';

process.exitCode = await runPytorch(process.argv.slice(2));
