import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule, Fault } from './adapter';
import { DIFFUSERS_METADATA, headerAlpha, patternKey, unreadPatterns } from './config';

const MAKES_BASE = /^(?:pissa|olora|corda|loftq|lora_ga|loraga)/i;

/** What is missing in an adapter, or contradicts itself. */
export function faultsOf({ modules, config, layout, metadata, saved }: Omit<Adapter, 'faults'>): Fault[] {
  const faults: Fault[] = [];
  const say = (isSo: boolean, code: string, sentence: string): void => {
    if (isSo) faults.push({ code, sentence });
  };
  /** One fault for all modules of which something is true, with the first of them. */
  const each = (code: string, isSo: (module: AdapterModule) => boolean, sentence: (n: number) => string): void => {
    const found = modules.filter(isSo);
    const [first] = found;
    if (first) faults.push({ code, sentence: sentence(found.length), module: `${first.prefix}${first.name}` });
  };
  const { from = '', alpha = null, r = null, init = '' } = config ?? {};
  const hasAlphas = modules.some(({ alphaTensor }) => alphaTensor !== null);
  const noConfig = l10n.t('There is no adapter_config.json, where PEFT keeps alpha and rank.');
  say(layout === 'peft' && !config, 'no-config', noConfig);
  const zero = (n: number): string =>
    l10n.t`alpha is 0 (modules: ${n}). sd-scripts and llama.cpp then multiply by 1, PEFT and vLLM by 0.`;
  each('alpha-zero', (module) => module.alpha === 0, zero);
  const unsaid = (n: number): string =>
    l10n.t`Nothing says alpha (modules: ${n}). Each engine takes what it likes: the rank, 8, or no scaling at all.`;
  each('no-alpha', (module) => module.scaling === null && module.alpha === null, unsaid);
  const ranks = (n: number): string => l10n.t`The config says another rank than the tensors have (modules: ${n}).`;
  each('rank-differs', ({ rank, statedRank }) => statedRank !== null && statedRank !== rank, ranks);
  const beside = (n: number): string =>
    l10n.t`.alpha lies beside PEFT's names (modules: ${n}). PEFT ignores it, vLLM refuses the file.`;
  each('alpha-beside-peft', ({ alphaTensor }) => layout === 'peft' && alphaTensor !== null, beside);
  const twice = l10n.t`Alpha is in .alpha and in ${from}; diffusers refuses such a file.`;
  say(from === DIFFUSERS_METADATA && hasAlphas, 'alpha-twice', twice);
  const both = l10n.t`${from} has scale and alpha. mlx-lm multiplied by both until June 2024, now by scale alone.`;
  say(layout === 'mlx' && alpha !== null && alpha !== r, 'alpha-twice', both);
  const { key: where = '' } = headerAlpha(metadata) ?? {};
  const hidden = l10n.t`Alpha is in the header alone (${where}). Most engines do not read it there.`;
  say(!config && !hasAlphas && modules.some((module) => module.alpha !== null), 'alpha-in-header', hidden);
  // sd-scripts writes rank and alpha into the header too; a file that was resized without it says the old ones.
  const linear = modules.filter(({ kind }) => kind === 'linear');
  for (const [key, of] of [['ss_network_dim', 'rank'] as const, ['ss_network_alpha', 'alpha'] as const]) {
    const value = Number(metadata[key] || NaN);
    const lacks = Number.isFinite(value) && linear.length > 0 && linear.every((module) => module[of] !== value);
    say(lacks, 'header-differs', l10n.t`The header says ${`${key} ${value}`}, which no module has.`);
  }
  const unread = config ? unreadPatterns(config) : [];
  for (const pattern of config ? [config.rankPattern, config.alphaPattern] : []) {
    const used = new Set(modules.map(({ name }) => patternKey(pattern, name)));
    for (const key of Object.keys(pattern).filter((each) => !used.has(each))) {
      const slow = l10n.t`The pattern ${key} is not read here, so the scaling of its modules may be another.`;
      const unused = l10n.t`No module matches the pattern ${key}.`;
      say(true, 'pattern-unused', unread.includes(key) ? slow : unused);
    }
  }
  const belongs = l10n.t`The init is ${init}: the adapter belongs to a base model that this init has changed.`;
  say(MAKES_BASE.test(init), 'needs-base', belongs);
  const noMagnitude = l10n.t`${from} says DoRA, and the file has no magnitudes.`;
  say(config?.useDora === true && modules.every(({ magnitude }) => !magnitude), 'unpaired', noMagnitude);
  const [first] = saved;
  const others = l10n.t`Tensors that are no LoRA: ${saved.length}. The first is ${first?.key ?? ''}.`;
  say(first !== undefined && layout !== 'peft', 'unknown-tensor', others);
  return faults;
}
