import { argumentText } from '../../syntax/shell/arguments';
import type { Entry, MapNode } from '../../syntax/tree';
import { flagWords } from '../../syntax/shell/arguments';
import { under } from '../../syntax/table';

/** Variables of a config.env and their arguments (simpletuner/helpers/configuration/env_file.py). */
const VARIABLES: Readonly<Record<string, string>> = {
  MODEL_TYPE: 'model_type',
  MODEL_FAMILY: 'model_family',
  LORA_TYPE: 'lora_type',
  LYCORIS_CONFIG: 'lycoris_config',
  USE_DORA: 'use_dora',
  OPTIMIZER: 'optimizer',
  LEARNING_RATE: 'learning_rate',
  LR_SCHEDULE: 'lr_scheduler',
  LR_WARMUP_STEPS: 'lr_warmup_steps',
  LR_END: 'lr_end',
};

/** The variable for arguments without their own variable. */
const EXTRA = 'TRAINER_EXTRA_ARGS';

/**
 * A config as arguments: keys with or without `--`, variables by their arguments, `optimizer_config` as a map. In a
 * config.env, new arguments are added only to the extra arguments.
 */
export function asArguments(root: MapNode): MapNode {
  const isEnvironment = root.entries.some(({ key, home }) => home === 'shell-assignment' && key in VARIABLES);
  const entries = isEnvironment ? root.entries.flatMap(ofVariable) : root.entries.map(ofKey);
  return { ...root, entries: entries.map(withConfig) };
}

function ofKey(entry: Entry): Entry {
  return { ...entry, key: entry.key.replace(/^-+/, '').replaceAll('-', '_') };
}

function ofVariable(entry: Entry): Entry[] {
  const { key, value } = entry;
  if (key === EXTRA && value.kind === 'scalar') return flagWords(value).entries;
  const argument = under(VARIABLES, key);
  return argument === undefined ? [] : [{ ...entry, key: argument, home: undefined }];
}

function withConfig(entry: Entry): Entry {
  const { key, value } = entry;
  return key === 'optimizer_config' && value.kind === 'scalar' && typeof value.value === 'string'
    ? { ...entry, value: argumentText(value) }
    : entry;
}
