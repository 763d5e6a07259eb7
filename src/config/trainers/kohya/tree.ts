import { argumentMap } from '../../syntax/shell/arguments';
import { numberIn } from '../../syntax/scalars';
import { commandIn, isCode, nodeAt, withScalars } from '../../syntax/tree';
import type { Entry, ListNode, MapNode, ScalarNode } from '../../syntax/tree';
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
  if (commandIn(root)) return { ...root, entries: root.entries.map(withArguments) };
  const entries = root.entries.flatMap((entry) => (entry.value.kind === 'map' ? entry.value.entries : [entry]));
  return { ...root, entries: entries.map(withArguments) };
}

/**
 * The runs of a config, a command, or a script that builds a config: a dict of Python's that is written to a file. The
 * program around it is none, nor is a dict without a rate, which is one of several parts, nor a schema, such as
 * `{"network_dim": ("INT", {"default": 16})}` of a node.
 */
export function kohyaRuns(root: MapNode): readonly Run[] {
  if (isModule(root)) return [];
  const flat = flattened(root);
  const hasRate = RATES.some((name) => nodeAt(flat, [name]) !== null);
  const isSchema = NUMBERS.some((name) => !['scalar', undefined].includes(nodeAt(flat, [name])?.kind));
  return isCode(flat) && (!hasRate || isSchema) ? [] : [{ root: flat }];
}

const RATES = ['learning_rate', 'unet_lr', 'text_encoder_lr'];
const NUMBERS = [...RATES, 'network_module', 'network_dim', 'network_alpha'];

/** The keys that an unresolved list of arguments may contain. */
const OPEN: Readonly<Record<(typeof ARGUMENT_LISTS)[number], readonly string[]>> = {
  optimizer_args: ['weight_decay', 'eps', 'betas', 'momentum', 'nesterov', 'd0'],
  network_args: ['loraplus_unet_lr_ratio', 'loraplus_lr_ratio'],
  lr_scheduler_args: [],
};

function withArguments(entry: Entry): Entry {
  const { value } = entry;
  const name = ARGUMENT_LISTS.find((own) => own === entry.key);
  if (name === undefined) return entry;
  if (value.kind === 'scalar' && value.unresolved !== undefined && entry.home !== 'shell-flag') {
    const entries = OPEN[name].map((key): Entry => ({ key, keyRange: value.range, value }));
    return { ...entry, value: { kind: 'map', range: value.range, entries } };
  }
  const isFlag = entry.home === 'shell-flag';
  // The words of a flag, or a list in a file. A single string in a file is no list of arguments.
  const isOne = isFlag && value.kind === 'scalar';
  const list = isOne ? { kind: 'list' as const, range: value.range, items: [value] } : value;
  // A map is of a program that makes `key=value` of it, so quotes are none of the value.
  if (list.kind !== 'list') return list.kind === 'map' ? { ...entry, value: withScalars(list, unquoted) } : entry;
  return withSeveral({ ...entry, value: argumentMap(list, isFlag ? 'shell-argument' : 'argument') }, list);
}

const unquoted = (node: ScalarNode): ScalarNode => ({ ...node, value: numberIn(String(node.value)) ?? node.value });

/** With the arguments that have several `=`, which argumentMap leaves out: `network_reg_dims=double=8,single=4`. */
function withSeveral(entry: Entry & { value: MapNode }, { items }: ListNode): Entry {
  const several = items.flatMap((item): Entry[] => {
    const [key = ''] = /^\s*network_\w+(?==.*=)/.exec(item.kind === 'scalar' ? String(item.value) : '') ?? [];
    const { range } = item;
    return key === '' ? [] : [{ key, keyRange: range, value: { kind: 'list', range, items: [item] } }];
  });
  return { ...entry, value: { ...entry.value, entries: [...entry.value.entries, ...several] } };
}
