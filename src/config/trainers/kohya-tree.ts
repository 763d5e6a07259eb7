import { argumentMap, argumentNode, argumentText, flagArguments } from '../syntax/arguments';
import { isCommand } from '../syntax/command';
import type { Entry, ListNode, MapNode, SyntaxNode } from '../syntax/tree';

/** Keys that hold lists of `"key=value"` texts. */
export const ARGUMENT_LISTS = ['optimizer_args', 'network_args', 'lr_scheduler_args'] as const;

/**
 * A config or command of kohya's trainers as they see it: every table is flattened by one level, whatever its name, and lists of
 * arguments become maps.
 * @see https://github.com/kohya-ss/sd-scripts (library/train_util.py: read_config_from_file)
 */
export function flattened(root: MapNode): MapNode {
  if (isCommand(root)) {
    return { ...root, entries: root.entries.map((entry) => (isArguments(entry) ? flagArguments(entry) : entry)) };
  }
  const entries = root.entries.flatMap((entry) => (entry.value.kind === 'map' ? entry.value.entries : [entry]));
  return { ...root, entries: entries.map(withArguments) };
}

const isArguments = ({ key }: Entry): boolean => ARGUMENT_LISTS.some((name) => name === key);

function withArguments(entry: Entry): Entry {
  if (!isArguments(entry) || entry.value.kind !== 'list') return entry;
  const map = argumentMap(entry.value);
  return { ...entry, value: { ...map, entries: [...map.entries, ...patterns(entry.value)] } };
}

/** Arguments that hold pairs of their own: `network_reg_lrs=double_blocks=1e-4,single_blocks=2e-4`. */
function patterns(list: ListNode): Entry[] {
  return list.items.flatMap((item: SyntaxNode): Entry[] => {
    if (item.kind !== 'scalar' || item.raw !== item.value) return [];
    const [, key = '', pairs = ''] = /^(network_reg_(?:dims|lrs))=(.*=.*)$/.exec(item.raw) ?? [];
    if (key === '') return [];
    const { start, end } = item.inner;
    const text = argumentNode(pairs, start + key.length + 1, pairs, item.lock);
    return [
      {
        key,
        keyRange: { start, end: start + key.length },
        value: argumentText({ ...text, range: { start, end } }),
        home: 'fixed',
      },
    ];
  });
}
