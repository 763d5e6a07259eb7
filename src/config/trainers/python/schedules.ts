import { HF_SCHEDULES, shares, TORCH_SCHEDULES, type Schedules } from '../schedules';
import { callIn, nodeAt, scalarAt, type Entry, type MapNode } from '../../syntax/tree';
import { any } from './harmless';
import { bareNode } from './tree';

/** @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/optimization.py */
const FUNCTIONS: Schedules = {
  ...shares(`get_constant_schedule get_constant_schedule_with_warmup get_linear_schedule_with_warmup
    get_cosine_schedule_with_warmup get_cosine_with_hard_restarts_schedule_with_warmup get_inverse_sqrt_schedule
    get_wsd_schedule`),
  get_polynomial_decay_schedule_with_warmup: { rates: { lr_end: 1e-7 } },
  get_cosine_with_min_lr_schedule_with_warmup: { rates: { min_lr: 0 } },
};

/** Schedules as a script's training arguments name them, or as the script makes them. */
export const SCRIPT_SCHEDULES: Schedules = { ...HF_SCHEDULES, ...TORCH_SCHEDULES, ...FUNCTIONS };

/** Names of arguments that may be given by their place, the optimizer being the first. */
const BY_PLACE: Readonly<Record<string, string>> = {
  CosineAnnealingLR: 'optimizer T_max eta_min',
  CosineAnnealingWarmRestarts: 'optimizer T_0 T_mult eta_min',
  OneCycleLR: 'optimizer max_lr',
  CyclicLR: 'optimizer base_lr max_lr',
  ReduceLROnPlateau: 'optimizer mode factor patience threshold threshold_mode cooldown min_lr eps',
  get_polynomial_decay_schedule_with_warmup: 'optimizer num_warmup_steps num_training_steps lr_end',
  get_cosine_with_min_lr_schedule_with_warmup:
    'optimizer num_warmup_steps num_training_steps num_cycles last_epoch min_lr',
};

const FROM =
  /^(?:(?:torch\.)?optim\.)?lr_scheduler\.|^transformers\.(?:optimization\.)?|^diffusers\.(?:optimization\.)?/;

/** Whether a call makes a schedule of which the table says what its arguments are. */
export function makesSchedule(map: MapNode): boolean {
  const { callee = '', isOwn } = callIn(map) ?? {};
  const name = callee.replace(FROM, '');
  return !isOwn && (name === 'get_scheduler' || Object.hasOwn(SCRIPT_SCHEDULES, name)) && /^[A-Z]|^get_/.test(name);
}

const SCHEDULER = any(`*LR CosineAnnealingWarmRestarts ReduceLROnPlateau ChainedScheduler get_*schedule*
  lr_scheduler._?[A-Z]* (?:create|get|build|make)_(?:\\w+_)?scheduler? (?:create|get|build|make)_*_with_warmup`);

/** Whether what is called makes a learning rate schedule. */
export const isScheduler = (path: string): boolean => SCHEDULER.test(path);

/** What a call that makes a schedule says, under the keys of the training arguments: its name, and its arguments. */
export function scheduleEntries(call: MapNode): Entry[] {
  const name = (callIn(call)?.callee ?? '').replace(FROM, '');
  const at = { start: call.range.start, end: call.range.start };
  const entry = (key: string, value: Entry['value']): Entry => ({ key, keyRange: at, value });
  if (name === 'get_scheduler') {
    const given = nodeAt(call, ['name']) ?? nodeAt(call, ['0']);
    const own = nodeAt(call, ['scheduler_specific_kwargs']);
    return [...(given ? [entry('lr_scheduler_type', given)] : []), ...(own ? [entry('lr_scheduler_kwargs', own)] : [])];
  }
  const places = (BY_PLACE[name] ?? '').split(' ');
  // What has no name here is no rate: the optimizer, steps, a function that gives shares of the rate.
  const entries = call.entries.flatMap((each) => {
    const key = /^\d+$/.test(each.key) ? (places[Number(each.key)] ?? '') : each.key;
    return key === '' || key === 'optimizer' || key === 'lr_lambda' ? [] : [{ ...each, key }];
  });
  return [entry('lr_scheduler_type', bareNode(name, call.range)), entry('lr_scheduler_kwargs', { ...call, entries })];
}

/** Whether a schedule holds a learning rate of its own. */
export function holdsRate(call: MapNode): boolean {
  const [type, own] = scheduleEntries(call);
  const name = type?.value.kind === 'scalar' ? type.value.value : null;
  if (typeof name !== 'string') return true;
  const rates = SCRIPT_SCHEDULES[name]?.rates ?? {};
  return Object.entries(rates).some(([key, rate]) => {
    const stated = own ? scalarAt(own.value, [key]) : undefined;
    return stated === undefined ? rate > 1e-8 || nodeAt(own?.value ?? null, [key]) !== null : Number(stated) !== 0;
  });
}
