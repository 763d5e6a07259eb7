import { it } from 'vitest';
import { hasCorpus } from './corpus';

// Without a corpus the reader, which takes seconds to load, has nothing to read.
if (hasCorpus) await import('./real-configs');
else it.skip('real configs are read and rewritten as people found them: no corpus stands beside the project');
