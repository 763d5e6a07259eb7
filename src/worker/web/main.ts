import { cpu } from '../../experiment/backends/cpu';
import { wasm } from '../../experiment/backends/wasm';
import { webgl } from '../../experiment/backends/webgl';
import { serve } from '../serve';

/** The program of a web worker. */
const scope = self as unknown as Pick<Worker, 'postMessage' | 'addEventListener' | 'removeEventListener'>;

serve(
  {
    post: (message) => scope.postMessage(message),
    listen(listener) {
      const hear = (event: MessageEvent): void => listener(event.data);
      scope.addEventListener('message', hear);
      return () => scope.removeEventListener('message', hear);
    },
  },
  [webgl, wasm, cpu],
);
