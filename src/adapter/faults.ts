import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule, Fault } from './adapter';
import { patternKey, unreadPatterns } from './config';
import { headerAlpha } from './scaling';

type Opened = Omit<Adapter, 'faults'>;

/** One fault for all modules of which something is true, with the first of them. */
function each(
  modules: readonly AdapterModule[],
  code: Fault['code'],
  isSo: (module: AdapterModule) => boolean,
  sentence: (count: number, first: AdapterModule) => string,
): Fault[] {
  const found = modules.filter(isSo);
  const [first] = found;
  return first ? [{ code, sentence: sentence(found.length, first), module: `${first.prefix}${first.name}` }] : [];
}

const MAKES_BASE = /^(?:pissa|olora|corda|loftq|lora_ga|loraga)/i;

/** What is missing in an adapter, or contradicts itself. */
export function faultsOf(opened: Opened): Fault[] {
  const { modules, config, layout, metadata, saved } = opened;
  const header = headerAlpha(metadata);
  const isAsked = (module: AdapterModule): boolean => module.kind !== 'lokr' || module.rank > 0;
  const differs = ({ rank, statedRank }: AdapterModule): boolean => statedRank !== null && statedRank !== rank;
  return [
    ...(layout === 'peft' && !config
      ? [
          {
            code: 'no-config' as const,
            sentence: l10n.t('There is no adapter_config.json, where PEFT keeps alpha and rank.'),
          },
        ]
      : []),
    ...each(
      modules,
      'alpha-zero',
      ({ alpha }) => alpha === 0,
      (n) => l10n.t`alpha is 0 (modules: ${n}). sd-scripts and llama.cpp then multiply by 1, PEFT and vLLM by 0.`,
    ),
    ...each(
      modules,
      'no-alpha',
      (module) => module.scaling === null && module.alpha === null && isAsked(module),
      (n) =>
        l10n.t`Nothing says alpha (modules: ${n}). Each engine takes what it likes: the rank, 8, or no scaling at all.`,
    ),
    ...each(
      modules,
      'rank-differs',
      differs,
      (n, { rank, statedRank }) =>
        l10n.t`The config says rank ${String(statedRank)}, and the tensors have rank ${rank} (modules: ${n}).`,
    ),
    ...each(
      modules,
      'alpha-beside-peft',
      ({ alphaTensor }) => layout === 'peft' && alphaTensor !== null,
      (n) => l10n.t`.alpha lies beside PEFT's names (modules: ${n}). PEFT ignores it, vLLM refuses the file.`,
    ),
    ...(config !== null && layout !== 'peft' && modules.some(({ alphaTensor }) => alphaTensor)
      ? [
          {
            code: 'alpha-twice' as const,
            sentence: l10n.t`Alpha is in .alpha and in ${config.from}; diffusers refuses such a file.`,
          },
        ]
      : []),
    ...(layout === 'mlx' && config?.alpha !== undefined && config.alpha !== null && config.alpha !== config.r
      ? [
          {
            code: 'alpha-twice' as const,
            sentence: l10n.t`${config.from} has scale and alpha. mlx-lm multiplied by both until June 2024, and since then by scale alone.`,
          },
        ]
      : []),
    ...each(
      modules,
      'alpha-in-header',
      ({ alpha, alphaTensor }) => !config && alpha !== null && !alphaTensor && layout !== 'gguf',
      () => l10n.t`Alpha is in the header alone (${header?.key ?? ''}). Most engines do not read it there.`,
    ),
    ...headerDiffers(opened),
    ...(config ? unusedPatterns(opened, config) : []),
    ...(config && MAKES_BASE.test(config.init)
      ? [
          {
            code: 'needs-base' as const,
            sentence: l10n.t`The init is ${config.init}: the adapter belongs to a base model that this init has changed.`,
          },
        ]
      : []),
    ...(config?.useDora && modules.every(({ magnitude }) => !magnitude)
      ? [{ code: 'unpaired' as const, sentence: l10n.t`${config.from} says DoRA, and the file has no magnitudes.` }]
      : []),
    ...(saved.length > 0 && layout !== 'peft' && saved[0]
      ? [
          {
            code: 'unknown-tensor' as const,
            sentence: l10n.t`Tensors that are no LoRA: ${saved.length}.`,
            module: saved[0].key,
          },
        ]
      : []),
  ];
}

/** sd-scripts writes rank and alpha into the header too; a file that was resized without it says the old ones. */
function headerDiffers({ modules, metadata }: Opened): Fault[] {
  const [rank, alpha] = [metadata['ss_network_dim'], metadata['ss_network_alpha']].map((text) => Number(text || NaN));
  const linear = modules.filter(({ kind }) => kind === 'linear');
  const lacks = (value: number | undefined, of: (module: AdapterModule) => number | null): boolean =>
    value !== undefined &&
    Number.isFinite(value) &&
    linear.length > 0 &&
    linear.every((module) => of(module) !== value);
  const words = [
    ...(lacks(rank, (module) => module.rank) ? [`ss_network_dim ${rank}`] : []),
    ...(lacks(alpha, (module) => module.alpha) ? [`ss_network_alpha ${alpha}`] : []),
  ];
  return words.map((said) => ({
    code: 'header-differs',
    sentence: l10n.t`The header says ${said}, which no module has.`,
  }));
}

function unusedPatterns({ modules }: Opened, config: NonNullable<Adapter['config']>): Fault[] {
  const patterns = [config.rankPattern, config.alphaPattern];
  const used = new Set(patterns.flatMap((pattern) => modules.map(({ name }) => patternKey(pattern, name))));
  const unread = unreadPatterns(config);
  const unused = patterns.flatMap((pattern) => Object.keys(pattern)).filter((key) => !used.has(key));
  return [
    ...unread.map((key) => ({
      code: 'pattern-unused' as const,
      sentence: l10n.t`The pattern ${key} is not read here, so the scaling of its modules may be another.`,
    })),
    ...unused
      .filter((key) => !unread.includes(key))
      .map((key) => ({ code: 'pattern-unused' as const, sentence: l10n.t`No module matches the pattern ${key}.` })),
  ];
}
