// Bundles the replay as the product is bundled, and runs it: `npm run golden -- FILE.json [--backend cpu|wasm]`.
import { runBundled } from './bundle.mjs';

process.exitCode = await runBundled('main.ts', '../../.cache/golden.js', process.argv.slice(2));
