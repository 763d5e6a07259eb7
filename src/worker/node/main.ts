import './thread';
import { parentPort } from 'node:worker_threads';
import { cpu } from '../../experiment/backends/cpu';
import { wasm } from '../../experiment/backends/wasm';
import { serve } from '../serve';
import { nodePort } from './thread';

/** The program of a thread of Node. */
if (!parentPort) throw new Error('this file runs as a worker thread, started by nodeRunner');
serve(nodePort(parentPort), [wasm, cpu]);
