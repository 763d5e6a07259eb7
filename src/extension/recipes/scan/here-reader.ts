import { summaryOf } from '../../../scan/summary';
import type { ConfigReader } from '../../../worker/config-reader';
import { MOST_HERE } from '../../bounds';

/** Reads configs on the extension host's own thread, where there is no other; skips files longer than MOST_HERE. */
export function hereReader(): ConfigReader {
  const decoder = new TextDecoder();
  return {
    read: (path, content) => {
      if (content.length > MOST_HERE) return Promise.resolve(null);
      return Promise.resolve(summaryOf(typeof content === 'string' ? content : decoder.decode(content), path));
    },
    look: null,
    list: null,
    ask: null,
    dispose: () => undefined,
  };
}
