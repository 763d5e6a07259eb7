// Reads every file of the folders given, alone and with a LoRA config around it: `node test/fuzz/suites.mjs DIR…`.
// Made for JSONTestSuite, toml-test and yaml-test-suite, which are not part of this project.
import { runBundled } from '../../scripts/bundle.mjs';

process.exitCode = await runBundled('test/fuzz/suites.ts', 'suites', process.argv.slice(2));
