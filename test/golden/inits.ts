import { INITS } from '../../src/recipe/init/init-rows';

/** The table of inits as JSON, for inits.py. */
process.stdout.write(JSON.stringify(INITS));
