import fc from 'fast-check';
import { seedOf } from './seed';

// Properties draw the same cases on every machine, so that a result can be repeated.
// `LORA_ALPHA_SEED=random npm run test:unit` draws anew.
fc.configureGlobal({ seed: seedOf(process.env['LORA_ALPHA_SEED']) });
