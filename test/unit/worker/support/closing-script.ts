import { nodeRunner } from '../../../../src/worker/node/runner';
import { spec } from '../../experiment/support/lab';

/** A program that shuts its training down in the middle of a run: it must end, and say nothing but why the run did. */
const [workerPath = '', assets = ''] = process.argv.slice(2);

const runner = nodeRunner({ workerPath, assets });
void runner
  .run(spec({ steps: 1_000_000, backend: 'wasm' }), { onPoints: () => runner.dispose() })
  .catch((error: Error) => process.stdout.write(error.message));
