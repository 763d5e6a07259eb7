import { cpu } from '../../experiment/backends/cpu';
import { wasm } from '../../experiment/backends/wasm';
import { webgl } from '../../experiment/backends/webgl';
import { serve } from '../serve';
import { webPort } from './runner';

/** The program of a web worker. */
serve(webPort(self as unknown as Worker), [webgl, wasm, cpu]);
