import { does, dropped, engine, PEFT_GLOBAL, ran, range, refused, SCALES } from './engine';

const SCALED = does({ ...PEFT_GLOBAL, rslora: 'right', init: 'ignored' });
const STOPS = ['dora', 'biases', 'embedding', 'stray'] as const;
const LOSES = ['dora', 'biases', 'saved', 'embedding'] as const;

export const EXLLAMAV2 = engine('exllamav2', 'ExLlamaV2', 'turboderp-org/exllamav2', 'exllamav2/lora.py', [
  range('before 361d2119', does({ ...SCALED, rslora: 'ignored', loraBias: 'dropped' }), { until: '2024-09-07' }),
  range('0.3.2', does({ ...SCALED, ...refused(...STOPS), loraBias: 'dropped' }), {
    ...{ since: '2024-09-08', ...ran('0.3.2', ...SCALES, ...STOPS, 'loraBias', 'init') },
    note: 'By the date of commit 361d2119.',
  }),
]);

export const EXLLAMAV3 = engine('exllamav3', 'ExLlamaV3', 'turboderp-org/exllamav3', 'exllamav3/model/lora.py', [
  range('1.6.5', does({ ...SCALED, ...dropped(...LOSES), loraBias: 'refused', stray: 'right' }), {
    ...{ since: '0.0.31', ...ran('1.6.5', ...SCALES, ...LOSES, 'loraBias', 'init', 'stray') },
    note: 'Keys without .lora_A. or .lora_B. are skipped. Rounds to float16 before it multiplies by the scaling.',
  }),
]);
