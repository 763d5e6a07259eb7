import * as l10n from '@vscode/l10n';
import type { AdapterConfig } from './config';

/** Bytes that can be read in ranges: a file of the disk, a blob of the browser, a buffer. */
export interface Source {
  /** The file's name, without its folder. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. Rejects where the file has fewer. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** How an adapter's file names its tensors, and what people call that. */
export const LAYOUT_NAMES = {
  ...{ peft: 'PEFT', diffusers: 'diffusers', 'diffusers-old': l10n.t('diffusers before PEFT'), kohya: 'kohya' },
  ...{ lycoris: 'LyCORIS', 'ai-toolkit': 'ai-toolkit', onetrainer: 'OneTrainer', mlx: 'mlx-lm', gguf: 'GGUF' },
  ...{ torchtune: 'torchtune', nemo: 'NeMo', unknown: l10n.t('unknown layout') },
};
export type Layout = keyof typeof LAYOUT_NAMES;

/** A tensor's type as safetensors writes it: `F32`, `F16`, `BF16`, `F64`, `F8_E4M3`, `I64` …; of GGUF also `Q8_0`. */
export type Dtype = string;

/** A tensor in a file, not yet read. */
export interface Tensor {
  readonly key: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly source: Source;
  /** Where its bytes are in the source. */
  readonly at: { readonly offset: number; readonly length: number };
}

/** One module with an adapter: ΔW = scaling · B · A. */
export interface AdapterModule {
  /** The module's name in the file, without prefix and part: `model.layers.0.self_attn.q_proj`. */
  readonly name: string;
  /** What stands in front of the name: `base_model.model.`, `lora_unet_`, `transformer.`, or nothing. */
  readonly prefix: string;
  /** `loha` and `lokr` are no product of two matrices: `a` and `b` are two of their tensors. */
  readonly kind: 'linear' | 'conv' | 'embedding' | 'experts' | 'loha' | 'lokr';
  /** By the shapes of A and B. */
  readonly rank: number;
  /** What file or config says of alpha; null where neither does. */
  readonly alpha: number | null;
  /** The rank that the config says; null where it says none. */
  readonly statedRank: number | null;
  /** What its own trainer multiplied B·A by; null where nothing says it. */
  readonly scaling: number | null;
  readonly a: Tensor;
  readonly b: Tensor;
  /** Whether A is (in, rank) and B (rank, out), as mlx-lm saves them; otherwise A is (rank, in) and B (out, rank). */
  readonly isTransposed: boolean;
  readonly alphaTensor: Tensor | null;
  /** Of DoRA. */
  readonly magnitude: Tensor | null;
  /** `lora_B.bias`, which is multiplied by the scaling too. */
  readonly biasB: Tensor | null;
  /** The core of a Tucker decomposition (`lora_mid`). */
  readonly mid: Tensor | null;
}

/** Something missing or contradictory. */
export interface Fault {
  /** `no-alpha`, `rank-differs` …: faults.ts has them. */
  readonly code: string;
  readonly sentence: string;
  /** The first module or tensor it is about. */
  readonly module?: string;
}

export interface Adapter {
  readonly layout: Layout;
  readonly config: AdapterConfig | null;
  /** The header's metadata, of all files. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly modules: readonly AdapterModule[];
  /** Whole tensors: of modules_to_save, biases, norms, LyCORIS's `diff`, embeddings of words. */
  readonly saved: readonly Tensor[];
  /** Of all tensors. */
  readonly bytes: number;
  readonly faults: readonly Fault[];
}
