// Lets the trainers' own loaders read what was rewritten: `node test/judges/run.mjs [id…] [--json] [--save] [--python PATH]`.
import { ROOT } from '../../scripts/paths.mjs';
import { runBundled } from '../../scripts/bundle.mjs';

process.exitCode = await runBundled('test/judges/main.ts', 'judges', [ROOT, ...process.argv.slice(2)]);
