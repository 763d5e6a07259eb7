import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule, Layout } from '../adapter';
import { otherFields } from '../config';
import { cutTo, spectrumOf, usedFor, type Cut } from '../spectrum';
import type { Wrong } from '../files/safetensors';
import { isBaseCopy, WITH_ALPHA } from '../layouts/names';
import { paddedRank } from '../numbers';
import { stemsIn } from '../layouts/places';
import type { Goal } from './goal';
import { copyOfBase, refusalOf } from './refuse';

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
}

export interface Plan {
  readonly layout: Layout;
  readonly useRslora: boolean;
  readonly jobs: readonly Job[];
  readonly notes: readonly string[];
  /** Of each module whose rank shrinks. */
  readonly cuts: ReadonlyMap<AdapterModule, Cut>;
}

/** Called before each module whose spectrum is computed. */
export type OnModule = (done: number, of: number) => void;

/** Layouts that hold no alpha, so that the scaling goes into B. */
const WITHOUT_ALPHA: readonly Layout[] = ['diffusers', 'diffusers-old', 'ai-toolkit'];

/** Which rank, alpha and factor each module gets, or why it cannot. */
export async function planConversion(adapter: Adapter, goal: Goal, onModule?: OnModule): Promise<Plan | Wrong> {
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
  const ranks = await ranksOf(adapter, goal, layout, onModule);
  if ('wrong' in ranks) return ranks;
  const useRslora = isPeft && (goal.rslora ?? (!goal.portable && adapter.config?.useRslora === true));
  const root = (rank: number): number => (useRslora ? Math.sqrt(rank) : rank);
  const scalings = adapter.modules.map((module) => scalingBefore(module, goal));
  const isMixed = new Set(scalings).size > 1;
  const jobs = adapter.modules.map((module, i): Job => {
    const from = scalings[i] ?? 1;
    const rank = ranks.of(module);
    const isOne = goal.portable === true || WITHOUT_ALPHA.includes(layout) || (layout === 'mlx' && isMixed);
    const said = goal.alpha === 'rank' ? rank : goal.alpha;
    const computed = said ?? (isOne ? rank : alphaFor(module, rank, (goal.scaling ?? from) * root(rank)));
    const alpha = WITH_ALPHA.includes(layout) ? Math.fround(computed) : computed;
    const to = isOne && said === undefined ? 1 : alpha / root(rank);
    // The same scaling by another way of computing it must not round B.
    const factor = Math.abs(from / to - 1) < (alpha === computed ? 1e-14 : 1e-7) ? 1 : from / to;
    return { module, stem: stems?.get(module) ?? `${module.prefix}${module.name}`, rank, alpha, from, to, factor };
  });
  return { layout, useRslora, jobs, notes: notesOf(adapter, goal, jobs), cuts: ranks.cuts };
}

/** Alpha as it is said, where rounding alone would change it. */
const alphaFor = ({ alpha, rank: before }: AdapterModule, rank: number, computed: number): number => {
  if (alpha !== null && before === rank && Math.abs(computed / alpha - 1) < 1e-14) return alpha;
  const whole = Math.round(computed);
  return Math.abs(computed / whole - 1) < 1e-14 ? whole : computed;
};

const scalingBefore = ({ scaling, rank }: AdapterModule, { assumeAlpha }: Goal): number =>
  scaling ?? (assumeAlpha === 'rank' ? 1 : (assumeAlpha ?? rank) / rank);

interface Ranks {
  of: (module: AdapterModule) => number;
  cuts: Plan['cuts'];
}

async function ranksOf(
  { modules }: Adapter,
  { keep, rank, portable }: Goal,
  layout: Layout,
  onModule?: OnModule,
): Promise<Ranks | Wrong> {
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
    for (const [done, module] of left.entries()) {
      onModule?.(done, left.length);
      const spectrum = await spectrumOf(module);
      if (!spectrum) return { wrong: l10n.t`${module.name} has numbers that are not finite.` };
      if (keep !== undefined) most = Math.max(most, usedFor(spectrum.sigma, keep));
      cuts.set(module, cutTo(spectrum, Math.min(of(module), module.rank)));
    }
  }
  return { of, cuts: new Map([...cuts].filter(([module]) => of(module) < module.rank)) };
}

function notesOf({ config, modules, saved }: Adapter, goal: Goal, jobs: readonly Job[]): string[] {
  const note = (isSo: boolean, sentence: string): string[] => (isSo ? [sentence] : []);
  const isPortable = goal.portable === true;
  const others = otherFields(config).join(', ');
  const copy = saved.find(isBaseCopy)?.key;
  const biases = l10n.t('B has biases (lora_bias): vLLM and llama.cpp refuse them, SGLang and LoRAX drop them.');
  const special = l10n.t`The config still says ${others}, which few engines besides PEFT read.`;
  const whole = l10n.t('Alpha is no whole number, which Ollama refuses.');
  return [
    ...note(isPortable && modules.some(({ biasB }) => biasB), biases),
    ...note(isPortable && others !== '', special),
    ...note(isPortable && copy !== undefined, copyOfBase(copy ?? '')),
    ...note(!jobs.every(({ alpha }) => Number.isInteger(alpha)), whole),
  ];
}
