import './thread';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { cpu } from '../../experiment/backends/cpu';
import { wasm } from '../../experiment/backends/wasm';
import { serve, buildOfBases, shippedBases } from '../serve';
import { storedBases } from './bases';
import { nodePort } from './thread';

/** The program of a thread of Node. Its argument is the address of the folder where bases are kept; none are without. */
if (!parentPort) throw new Error('this file runs as a worker thread, started by nodeRunner');
const [, , folder] = process.argv;

serve(nodePort(parentPort), [wasm, cpu], storedBases(shippedBases(), folder && fileURLToPath(folder), buildOfBases));
