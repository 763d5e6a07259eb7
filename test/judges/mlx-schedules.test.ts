import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/read';
import { together } from './python';

const NAMES = ['cosine_decay', 'linear_schedule', 'exponential_decay', 'step_decay', 'zigzag', '', null, undefined];
const [RATE, STEPS] = [1e-4, 20];
const ARGUMENTS = [
  ...[undefined, null, [], {}, 'all', RATE, { init: RATE }, [RATE], [STEPS], [RATE, STEPS], [RATE, 0.5], [RATE, null]],
  ...[
    [null, STEPS],
    [RATE, 0],
    [RATE, '20'],
    [RATE, STEPS, RATE],
    [RATE, RATE, STEPS],
    [RATE, STEPS, null],
  ],
  ...[
    [RATE, null, STEPS],
    [RATE, RATE, 0],
    [RATE, RATE, STEPS, 1],
    [[RATE], STEPS],
    [RATE, 1],
  ],
];
const WARMUPS = [
  ...[{ warmup: null }, { warmup: 0 }, { warmup: 5 }, { warmup: -5 }, { warmup_init: null }, { warmup_init: RATE }],
  ...[
    { warmup: 5, warmup_init: null },
    { warmup: 0, warmup_init: null },
    { warmup: 5, warmup_init: RATE },
  ],
];
const SCHEDULES = [
  ...NAMES.flatMap((name) => ARGUMENTS.map((given) => ({ name, arguments: given }))),
  ...WARMUPS.map((warmup) => ({ name: 'cosine_decay', arguments: [RATE, STEPS], ...warmup })),
  ...[null, {}, [], false, 'cosine_decay', ['cosine_decay', RATE, STEPS]],
];

it('a schedule on which mlx-lm stops is not understood, and every other is', async ({ skip }) => {
  const [[, stdout] = [0, '']] = await together([[resolve('test/judges/mlx-schedules.py'), JSON.stringify(SCHEDULES)]]);
  if (!stdout.startsWith('[')) skip(stdout.trim() || 'Python has no mlx-lm');
  const stops = JSON.parse(stdout) as (string | null)[];
  const lora = { model: 'm', fine_tune_type: 'lora', lora_parameters: { rank: 8, scale: 2, dropout: 0 } };
  const differing = SCHEDULES.flatMap((schedule, i) => {
    const text = JSON.stringify({ ...lora, lr_schedule: schedule });
    const isUnread = readConfig(text, 'mlx.json').notUnderstood.length > 0;
    return isUnread === (stops[i] !== null) ? [] : [`${JSON.stringify(schedule)}: ${String(stops[i])}`];
  });
  expect(differing).toEqual([]);
  expect(stops.filter((why) => why === null).length).toBeGreaterThan(15);
});
