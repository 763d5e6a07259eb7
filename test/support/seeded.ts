import fc from 'fast-check';
import { seedOf } from './seed';

// Properties draw what every other machine draws: what passed before a change was handed in passes after it, too.
// `LORA_ALPHA_SEED=random npm run test:unit` draws anew.
fc.configureGlobal({ seed: seedOf(process.env['LORA_ALPHA_SEED']) });
