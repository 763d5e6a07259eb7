// Replays PyTorch's runs: `npm run golden -- FILE.json [--backend cpu|wasm]`.
import { runBundled } from '../../scripts/bundle.mjs';

process.exitCode = await runBundled('test/golden/main.ts', 'golden', process.argv.slice(2));
