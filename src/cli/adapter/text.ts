import { LAYOUT_NAMES, type Adapter } from '../../adapter/adapter';
import type { Measures } from '../../adapter/measure';
import { baseOf, dtypeOf, lastNames, moduleGroups, recipeOf, sizeLabel } from '../../adapter/summary';
import { numberLabel } from '../../recipe/notation';
import { oneLine } from '../../recipe/visible';
import { headed, item, paint, shortened, table, wrap } from '../output/text';

const known = (value: number | null): string => (value === null ? '?' : numberLabel(value));

/** What `adapter` says: what it is, its modules in groups, what they do, the recipe, and what is wrong. */
export function adapterText(path: string, adapter: Adapter, measures: Measures | null): string {
  const base = baseOf(adapter);
  const about = [
    LAYOUT_NAMES[adapter.layout],
    ...(base === null ? [] : [`base ${oneLine(base)}`]),
    sizeLabel(adapter.bytes),
  ];
  const recipe = recipeOf(adapter).map(([label, value]) => [paint('dim', label), shortened(oneLine(value), 60)]);
  const faults = adapter.faults.map(({ sentence, module }) =>
    item(paint('yellow', '!'), `${oneLine(sentence)}${module ? ` First: ${oneLine(module)}` : ''}`),
  );
  const parts = [
    `${paint('bold', oneLine(path))}  ${paint('dim', about.join(' · '))}\n${groupsText(adapter)}`,
    measures
      ? measuredText(measures)
      : paint('dim', wrap('ΔW was not measured, which takes a while here: --measure does it.')),
    recipe.length === 0 ? '' : `${paint('dim', 'from its header')}\n${table(recipe)}`,
    faults.join('\n'),
  ];
  return parts.flatMap((part) => (part === '' ? [] : [`${part}\n`])).join('\n');
}

function groupsText(adapter: Adapter): string {
  const rows = moduleGroups(adapter).map((modules) => {
    const [{ kind, rank, alpha, scaling }] = modules;
    const names = shortened(oneLine(lastNames(modules).join(', ')), 60);
    const said = [kind, String(rank), known(alpha), paint('bold', known(scaling)), dtypeOf(modules[0])];
    return [String(modules.length), ...said, names];
  });
  const { config, saved } = adapter;
  const also = [
    config?.useRslora && 'rsLoRA',
    config?.useDora && 'DoRA',
    saved.length && `whole tensors: ${saved.length}`,
  ];
  const words = also.filter(Boolean).join(', ');
  const groups = headed(['modules', 'kind', 'rank', 'alpha', 'scaling', 'type', 'names'], rows, 'rlrrrll');
  return words === '' ? groups : `${groups}\n${words}`;
}

const median = (values: readonly number[]): number => values.toSorted((x, y) => x - y)[values.length >> 1] ?? NaN;

/** Norms and spectra of ΔW over all modules, and the modules of the largest norms. */
function measuredText(measures: Measures): string {
  const all = [...measures].flatMap(([{ name, rank }, measured]) => (measured ? [{ name, rank, ...measured }] : []));
  const found = all.filter(({ sigma }) => sigma !== null);
  if (found.length === 0) return paint('dim', 'ΔW cannot be measured: no module is a product of A and B.');
  const [norms, used] = [found.map(({ norm }) => norm), found.map((each) => each.used)];
  const [norm, most] = [numberLabel(Math.hypot(...norms)), numberLabel(Math.max(...norms))];
  const share = `${median(used)} of ${median(found.map(({ rank }) => rank))}`;
  const stable = numberLabel(median(found.map(({ stableRank }) => stableRank)), 3);
  const rows = [
    ['norm of ΔW', norm, `over all modules; of one at most ${most}`],
    ['used', share, `singular values hold 99 % of the energy (median; at most ${Math.max(...used)})`],
    ['stable rank', stable, 'median'],
  ];
  const list = found
    .toSorted((one, other) => other.norm - one.norm)
    .slice(0, 5)
    .map((each) => [
      ...[oneLine(each.name), numberLabel(each.norm), `${each.used} of ${each.rank}`, numberLabel(each.stableRank, 3)],
    ]);
  const bad = all.length - found.length;
  return [
    table(rows.map(([name = '', ...rest]) => [paint('dim', name), ...rest])),
    headed(['largest', 'norm', 'used', 'stable rank'], list, 'lrrr'),
    ...(bad > 0 ? [paint('red', `Modules with numbers that are not finite: ${bad}.`)] : []),
  ].join('\n');
}
