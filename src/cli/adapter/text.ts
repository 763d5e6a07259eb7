import type { Adapter, AdapterModule } from '../../adapter/adapter';
import type { Measured } from '../../adapter/measure';
import {
  baseOf,
  bytesIn,
  dtypeOf,
  LAYOUT_NAMES,
  lastNames,
  moduleGroups,
  recipeOf,
  sizeLabel,
} from '../../adapter/summary';
import { numberLabel } from '../../recipe/notation';
import { oneLine } from '../../recipe/visible';
import { item, paint, table, wrap } from '../output/text';

/** Modules and what was measured of each; null where it is no product of two matrices. */
export type Measures = ReadonlyMap<AdapterModule, Measured | null>;

const known = (value: number | null): string => (value === null ? '?' : numberLabel(value));
/** What `adapter` says: what it is, its modules in groups, what they do, the recipe, and what is wrong. */
export function adapterText(path: string, adapter: Adapter, measures: Measures | null): string {
  const base = baseOf(adapter);
  const { modules, faults } = adapter;
  const head = [
    LAYOUT_NAMES[adapter.layout],
    ...(base === null ? [] : [`base ${oneLine(base)}`]),
    sizeLabel(bytesIn(adapter)),
  ];
  const recipe = recipeOf(adapter).map(([label, value]) => [paint('dim', label), shortened(oneLine(value))]);
  const parts = [
    `${paint('bold', oneLine(path))}  ${paint('dim', head.join(' · '))}\n${groupsText(adapter)}`,
    measures
      ? measuredText(modules, measures)
      : paint('dim', wrap('ΔW was not measured, which takes a while here: --measure does it.')),
    recipe.length === 0 ? '' : `${paint('dim', 'from its header')}\n${table(recipe)}`,
    faults
      .map(({ sentence, module }) =>
        item(paint('yellow', '!'), `${oneLine(sentence)}${module ? ` First: ${oneLine(module)}` : ''}`),
      )
      .join('\n'),
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('\n');
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

function groupsText(adapter: Adapter): string {
  const rows = moduleGroups(adapter).map(({ kind, rank, alpha, scaling, dtype, modules }) => {
    const names = shortened(oneLine(lastNames(modules).join(', ')));
    return [String(modules.length), kind, String(rank), known(alpha), paint('bold', known(scaling)), dtype, names];
  });
  const { config, saved } = adapter;
  const also = [...(config?.useRslora ? ['rsLoRA'] : []), ...(config?.useDora ? ['DoRA'] : [])];
  const whole = saved.length > 0 ? [`whole tensors: ${saved.length}`] : [];
  const words = [...also, ...whole];
  const head = ['modules', 'kind', 'rank', 'alpha', 'scaling', 'type', 'names'].map((cell) => paint('dim', cell));
  return [table([head, ...rows], 'rlrrrll'), ...(words.length === 0 ? [] : [words.join(', ')])].join('\n');
}

const median = (values: readonly number[]): number => values.toSorted((x, y) => x - y)[values.length >> 1] ?? NaN;

/** Norms and spectra of ΔW over all modules, and the modules of the largest norms. */
function measuredText(modules: readonly AdapterModule[], measures: Measures): string {
  const found = modules.flatMap((module) => {
    const measured = measures.get(module);
    return measured?.sigma ? [{ module, ...measured }] : [];
  });
  if (found.length === 0) return paint('dim', 'ΔW cannot be measured: no module is a product of A and B.');
  const norm = Math.sqrt(found.reduce((sum, each) => sum + each.norm ** 2, 0));
  const ranks = found.map(({ module }) => module.rank);
  const rows = [
    [
      'norm of ΔW',
      numberLabel(norm),
      `over all modules; of one at most ${numberLabel(Math.max(...found.map((each) => each.norm)))}`,
    ],
    [
      'used',
      `${median(found.map(({ used }) => used))} of ${median(ranks)}`,
      `singular values hold 99 % of the energy (median; at most ${Math.max(...found.map(({ used }) => used))})`,
    ],
    ['stable rank', numberLabel(median(found.map(({ stableRank }) => stableRank)), 3), 'median'],
  ];
  const largest = found.toSorted((one, other) => other.norm - one.norm).slice(0, 5);
  const list = largest.map(({ module, norm: own, used, stableRank }) => [
    oneLine(module.name),
    numberLabel(own),
    `${used} of ${module.rank}`,
    numberLabel(stableRank, 3),
  ]);
  const head = ['largest', 'norm', 'used', 'stable rank'].map((cell) => paint('dim', cell));
  const bad = modules.filter((module) => measures.get(module)?.sigma === null).length;
  const warned = bad > 0 ? [paint('red', `Modules with numbers that are not finite: ${bad}.`)] : [];
  return [
    table(rows.map(([name = '', ...rest]) => [paint('dim', name), ...rest])),
    table([head, ...list], 'lrrr'),
    ...warned,
  ].join('\n');
}

/** What `adapter --json` prints. */
export function adapterJson(path: string, adapter: Adapter, measures: Measures | null): object {
  const { layout, config, modules, saved, faults, metadata } = adapter;
  const about = config && (({ raw: _raw, ...said }) => said)(config);
  return {
    ...{ file: path, layout, base: baseOf(adapter), bytes: bytesIn(adapter), config: about },
    recipe: Object.fromEntries(recipeOf(adapter)),
    modules: modules.map((module) => {
      const { name, prefix, kind, rank, statedRank, alpha, scaling, a, b } = module;
      const measured = measures?.get(module);
      const said = { name: `${prefix}${name}`, kind, rank, statedRank, alpha, scaling, dtype: dtypeOf(module) };
      const { sigma, norm, stableRank, used } = measured ?? {};
      const isFinite = sigma !== null;
      return {
        ...said,
        shapes: [a.shape, b.shape],
        isDora: module.magnitude !== null,
        ...(measured && { isFinite, ...(isFinite && { norm, stableRank, used, singularValues: sigma }) }),
      };
    }),
    saved: saved.map(({ key, dtype, shape }) => ({ key, dtype, shape })),
    ...{ faults, metadata },
  };
}
