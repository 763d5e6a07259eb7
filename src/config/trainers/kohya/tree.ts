import { argumentMap, argumentNode, argumentText, flagArguments } from '../../syntax/shell/arguments';
import { commandIn, isCode, nodeAt, type Entry, type ListNode, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { numberIn } from '../../syntax/scalars';
import { isModule } from '../python/tree';
import type { Run } from '../trainer';

/** Keys with lists of `"key=value"` strings. */
export const ARGUMENT_LISTS = ['optimizer_args', 'network_args', 'lr_scheduler_args'] as const;

/**
 * A config or command of kohya's trainers as they see it: every table is flattened by one level, whatever its name, and lists of
 * arguments become maps.
 * @see https://github.com/kohya-ss/sd-scripts (library/train_util.py: read_config_from_file)
 */
export function flattened(root: MapNode): MapNode {
  if (commandIn(root)) {
    return { ...root, entries: root.entries.map((entry) => (isArguments(entry) ? flagArguments(entry) : entry)) };
  }
  const entries = root.entries.flatMap((entry) => (entry.value.kind === 'map' ? entry.value.entries : [entry]));
  const isForm = entries.some(({ key }) => key === 'model_train_type');
  return { ...root, entries: (isForm ? entries.map(withNumber) : entries).map(withArguments) };
}

/**
 * lora-scripts and its forks save their form with learning rates as strings, and convert them when training starts. The
 * file that sd-scripts reads no longer has the form's kind of training.
 * @see https://github.com/Akegarasu/lora-scripts (mikazuki/schema/lora-master.ts, mikazuki/app/api.py, fdefba9f)
 */
function withNumber(entry: Entry): Entry {
  const { key, value } = entry;
  if (!RATES.includes(key) || value.kind !== 'scalar' || typeof value.value !== 'string') return entry;
  return { ...entry, value: { ...value, value: numberIn(value.value.trim()) ?? value.value } };
}

/**
 * The runs of a config, a command, or a script that builds a config: a dict of Python's that is written to a file. The
 * program around it is none, nor is a dict without a rate, which is one of several parts.
 */
export function kohyaRuns(root: MapNode): readonly Run[] {
  if (isModule(root)) return [];
  const flat = flattened(root);
  const hasRate = RATES.some((name) => nodeAt(flat, [name]) !== null);
  return isCode(flat) && !hasRate ? [] : [{ root: flat }];
}

const RATES = ['learning_rate', 'unet_lr', 'text_encoder_lr'];

/** The keys that an unresolved list of arguments may contain. */
const OPEN: Readonly<Record<(typeof ARGUMENT_LISTS)[number], readonly string[]>> = {
  optimizer_args: ['weight_decay', 'eps', 'betas', 'momentum', 'nesterov', 'd0'],
  network_args: ['loraplus_unet_lr_ratio', 'loraplus_lr_ratio'],
  lr_scheduler_args: [],
};

const isArguments = ({ key }: Entry): boolean => ARGUMENT_LISTS.some((name) => name === key);

function withArguments(entry: Entry): Entry {
  const { value } = entry;
  const name = ARGUMENT_LISTS.find((own) => own === entry.key);
  if (name !== undefined && value.kind === 'scalar' && value.unresolved !== undefined) {
    const entries = OPEN[name].map((key): Entry => ({ key, keyRange: value.range, value }));
    return { ...entry, value: { kind: 'map', range: value.range, entries } };
  }
  if (!isArguments(entry) || entry.value.kind !== 'list') return entry;
  const map = argumentMap(entry.value);
  return { ...entry, value: { ...map, entries: [...map.entries, ...patterns(entry.value)] } };
}

/** Arguments whose values are pairs: `network_reg_lrs=double_blocks=1e-4,single_blocks=2e-4`. */
function patterns(list: ListNode): Entry[] {
  return list.items.flatMap((item: SyntaxNode): Entry[] => {
    if (item.kind !== 'scalar') return [];
    const [, key = '', pairs = ''] = /^(network_reg_(?:dims|lrs))=(.*=.*)$/.exec(item.raw) ?? [];
    if (key === '') return [];
    const { start, end } = item.inner;
    const text = argumentNode(pairs, start + key.length + 1, pairs, item.lock);
    return [
      {
        key,
        keyRange: { start, end: start + key.length },
        value: argumentText({ ...text, range: { start, end } }),
      },
    ];
  });
}
