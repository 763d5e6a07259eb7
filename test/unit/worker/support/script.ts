import { nodeRunner } from '../../../../src/worker/node/runner';
import { spec } from '../../experiment/support/lab';

/** A program that runs one experiment and does nothing to end: whether it ends is what is tested. */
const [workerPath = '', assets = ''] = process.argv.slice(2);

void nodeRunner({ workerPath, assets })
  .run(spec({ backend: 'wasm' }), {})
  .then(({ losses }) => process.stdout.write(`${losses[0]?.length} steps`));
