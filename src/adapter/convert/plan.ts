import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule, Layout } from '../adapter';
import { otherFields } from '../config';
import { cutTo, spectrumOf, usedFor, type Cut } from '../spectrum';
import { isFloat, type Float } from '../files/dtype';
import { isProduct } from '../factors';
import type { Wrong } from '../files/safetensors';
import { isBaseCopy, WITH_ALPHA } from '../layouts/names';
import { paddedRank } from '../engines/applied';
import { stemsIn, type Target } from '../layouts/places';

/** What a conversion is asked for. ΔW stays what it is, but where the rank shrinks. */
export interface Goal {
  /** The form that all engines read alike. */
  portable?: boolean | undefined;
  alpha?: number | 'rank' | undefined;
  rslora?: boolean | undefined;
  scaling?: number | undefined;
  rank?: number | undefined;
  /** The share of the energy Σσ² that the new rank must hold. */
  keep?: number | undefined;
  to?: Target | undefined;
  dtype?: Float | undefined;
  /** The alpha of training, where nothing says it. */
  assumeAlpha?: number | 'rank' | undefined;
}

/** What becomes of one module. ΔW = scaling · B·A stays, so B is multiplied by `factor`. */
export interface Job {
  readonly module: AdapterModule;
  /** What stands in front of the parts of its keys. */
  readonly stem: string;
  readonly rank: number;
  /** What the layout says of alpha. */
  readonly alpha: number;
  /** What B·A was multiplied by, and will be. */
  readonly from: number;
  readonly to: number;
  readonly factor: number;
  /** Where the rank shrinks. */
  readonly cut: Cut | null;
}

export interface Plan {
  readonly goal: Goal;
  readonly layout: Layout;
  readonly useRslora: boolean;
  readonly jobs: readonly Job[];
  readonly notes: readonly string[];
}

/** Layouts that hold no alpha, so that the scaling goes into B. */
const WITHOUT_ALPHA: readonly Layout[] = ['diffusers', 'diffusers-old', 'ai-toolkit'];

/** Which rank, alpha and factor each module gets, or why it cannot. */
export async function planConversion(adapter: Adapter, goal: Goal): Promise<Plan | Wrong> {
  const refused = refusalOf(adapter, goal);
  if (refused !== null) return { wrong: refused };
  const layout = goal.to ?? adapter.layout;
  const stems = goal.to && goal.to !== adapter.layout ? stemsIn(adapter, goal.to) : null;
  if (stems && 'wrong' in stems) return stems;
  const isPeft = layout === 'peft';
  if (!isPeft && goal.rslora) return { wrong: l10n.t('Only PEFT knows rsLoRA; elsewhere alpha holds it.') };
  if (WITHOUT_ALPHA.includes(layout) && (goal.alpha !== undefined || goal.scaling !== undefined)) {
    return { wrong: l10n.t`${layout} holds no alpha: its scaling is 1.` };
  }
  const sizes = await sizesOf(adapter, goal, layout);
  if ('wrong' in sizes) return sizes;
  const useRslora = isPeft && (goal.rslora ?? (!goal.portable && adapter.config?.useRslora === true));
  const root = (rank: number): number => (useRslora ? Math.sqrt(rank) : rank);
  const scalings = adapter.modules.map((module) => scalingBefore(module, goal));
  const isMixed = new Set(scalings).size > 1;
  const isOne = goal.portable === true || WITHOUT_ALPHA.includes(layout) || (layout === 'mlx' && isMixed);
  const jobs = adapter.modules.map((module, i): Job => {
    const from = scalings[i] ?? 1;
    const { rank, cut } = sizes.get(module) ?? { rank: module.rank, cut: null };
    const said = goal.alpha === 'rank' ? rank : goal.alpha;
    const computed = said ?? (isOne ? rank : alphaFor(module, rank, (goal.scaling ?? from) * root(rank)));
    const alpha = WITH_ALPHA.includes(layout) ? Math.fround(computed) : computed;
    const to = isOne && said === undefined ? 1 : alpha / root(rank);
    // The same scaling by another way of computing it must not round B.
    const factor = Math.abs(from / to - 1) < (alpha === computed ? 1e-14 : 1e-7) ? 1 : from / to;
    const stem = stems?.get(module) ?? `${module.prefix}${module.name}`;
    return { module, stem, rank, alpha, from, to, factor, cut };
  });
  return { goal, layout, useRslora, jobs, notes: notesOf(adapter, goal, jobs) };
}

/** What a copy of the base's embedding is. */
const copyOfBase = (key: string): string =>
  l10n.t`${key} is a copy of the base model's weights, which PEFT saves beside a LoRA: only its layout holds it.`;

/** With these ΔW is another function of A and B, or is there for some tokens alone. */
const NO_PRODUCT = /^(?:use_bdlora|use_qalora|arrow_config|kasa_config|monteclora_config|alora_invocation_tokens)$/;

/** Why an adapter cannot be converted so, in one sentence; null if it can. */
function refusalOf({ layout, modules, saved, faults, config }: Adapter, goal: Goal): string | null {
  const { to, assumeAlpha } = goal;
  const isMoved = goal.portable === true || to !== undefined;
  const isOther = to !== undefined && to !== 'peft';
  const isResized = isMoved || goal.rank !== undefined || goal.keep !== undefined;
  const isScaled = isResized || goal.alpha !== undefined || goal.scaling !== undefined || goal.rslora !== undefined;
  if (['gguf', 'torchtune', 'nemo', 'unknown'].includes(layout)) {
    return l10n.t`The layout ${layout} is read, not written: convert the adapter that it was made from.`;
  }
  const unpaired = faults.find(({ code }) => code === 'unpaired');
  if (unpaired) return unpaired.sentence;
  for (const module of modules) {
    const name = `${module.prefix}${module.name}`;
    if (!isProduct(module)) {
      return l10n.t`${name} is not B·A alone (LoHa, LoKr, lora_mid, experts), and cannot be converted.`;
    }
    if (to === 'mlx' && module.kind === 'conv') return l10n.t('mlx-lm has language models alone.');
    if (!isFloat(module.a.dtype) || !isFloat(module.b.dtype)) {
      return l10n.t`${name} has a type that is not read here; F32, F16 and BF16 are.`;
    }
    if (module.magnitude && isResized) {
      return l10n.t`${name} has a magnitude (DoRA), which depends on the base model. Merge it into the base instead.`;
    }
    if (module.biasB && isOther && to !== 'diffusers')
      return l10n.t`${name} has a bias of B, which ${to} does not hold.`;
    if (module.scaling === null && assumeAlpha === undefined) {
      return l10n.t`The scaling of ${name} is unknown. Say the alpha it was trained with: --assume-alpha.`;
    }
    if (module.scaling === 0) return l10n.t('alpha is 0, so its own trainer multiplies ΔW by 0.');
  }
  const whole = saved.find((tensor) => !isBaseCopy(tensor));
  if (isMoved && whole) {
    return l10n.t`${whole.key} is a whole tensor (modules_to_save, bias, norm), which only its own layout holds.`;
  }
  const copy = saved.find(isBaseCopy);
  if (isOther && copy) return copyOfBase(copy.key);
  const special = otherFields(config).find(
    (key) => NO_PRODUCT.test(key) || (isOther && key !== 'fan_in_fan_out' && key !== 'trainable_token_indices'),
  );
  if (special !== undefined && isResized) {
    return l10n.t`The config says ${special}, with which ΔW is not B·A of these modules alone.`;
  }
  // PEFT changes the base again when it loads, by the rank and the scaling that the config says.
  if (!isScaled || faults.every(({ code }) => code !== 'needs-base')) return null;
  return l10n.t`The init ${config?.init ?? ''} changed the base model. PEFT can subtract it from the adapter first.`;
}

/** Alpha as it is said, where rounding alone would change it. */
const alphaFor = ({ alpha, rank: before }: AdapterModule, rank: number, computed: number): number => {
  if (alpha !== null && before === rank && Math.abs(computed / alpha - 1) < 1e-14) return alpha;
  const whole = Math.round(computed);
  return Math.abs(computed / whole - 1) < 1e-14 ? whole : computed;
};

const scalingBefore = ({ scaling, rank }: AdapterModule, { assumeAlpha }: Goal): number =>
  scaling ?? (assumeAlpha === 'rank' ? 1 : (assumeAlpha ?? rank) / rank);

/** The new rank of each module, and how it shrinks to it. */
async function sizesOf(
  { modules }: Adapter,
  { keep, rank, portable }: Goal,
  layout: Layout,
): Promise<ReadonlyMap<AdapterModule, Pick<Job, 'rank' | 'cut'>> | Wrong> {
  // LoRAX and TGI pad other ranks, and then divide alpha by the padded one.
  const common = (most: number): number => (portable === true && layout === 'peft' ? paddedRank(most) : most);
  const isCommon = portable === true || layout === 'mlx' || keep !== undefined;
  let most = keep === undefined ? Math.max(1, ...modules.map((module) => module.rank)) : 1;
  const of = (module: AdapterModule): number => rank ?? (isCommon ? common(most) : module.rank);
  const cuts = new Map<AdapterModule, Cut>();
  // With `keep`, a later module may need a larger rank than the first were cut to.
  const isShort = (module: AdapterModule): boolean =>
    (cuts.get(module)?.a.length ?? 0) < Math.min(of(module), module.rank);
  let left = modules.filter((module) => keep !== undefined || of(module) < module.rank);
  for (; left.length > 0; left = left.filter(isShort)) {
    for (const module of left) {
      const spectrum = await spectrumOf(module);
      if (!spectrum) return { wrong: l10n.t`${module.name} has numbers that are not finite.` };
      if (keep !== undefined) most = Math.max(most, usedFor(spectrum.sigma, keep));
      cuts.set(module, cutTo(spectrum, Math.min(of(module), module.rank)));
    }
  }
  const cutOf = (module: AdapterModule): Cut | null => (of(module) < module.rank && cuts.get(module)) || null;
  return new Map(modules.map((module) => [module, { rank: of(module), cut: cutOf(module) }]));
}

function notesOf({ config, modules, saved }: Adapter, goal: Goal, jobs: readonly Job[]): string[] {
  const others = otherFields(config).join(', ');
  const copy = saved.find(isBaseCopy)?.key ?? '';
  const biases = l10n.t('B has biases (lora_bias): vLLM and llama.cpp refuse them, SGLang and LoRAX drop them.');
  const special = l10n.t`The config still says ${others}, which few engines besides PEFT read.`;
  const whole = l10n.t('Alpha is no whole number, which Ollama refuses.');
  const portable = [
    ...(modules.some(({ biasB }) => biasB) ? [biases] : []),
    ...(others !== '' ? [special] : []),
    ...(copy !== '' ? [copyOfBase(copy)] : []),
  ];
  return [...(goal.portable ? portable : []), ...(jobs.every(({ alpha }) => Number.isInteger(alpha)) ? [] : [whole])];
}
