/** Bytes that can be read in ranges: a file of the disk, a blob of the browser, a buffer. */
export interface Source {
  /** The file's name, without its folder. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. Rejects where the file has fewer. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** How an adapter's file names its tensors. */
export type Layout =
  | 'peft'
  | 'diffusers'
  | 'diffusers-old'
  | 'kohya'
  | 'lycoris'
  | 'ai-toolkit'
  | 'onetrainer'
  | 'mlx'
  | 'gguf'
  | 'torchtune'
  | 'nemo'
  | 'unknown';

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
  /** `loha`, `lokr` and `other` are no product of two matrices: `a` and `b` are two of their tensors. */
  readonly kind: 'linear' | 'conv' | 'embedding' | 'experts' | 'loha' | 'lokr' | 'other';
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
  readonly others: readonly Tensor[];
}

/** What is said of an adapter as a whole: in adapter_config.json, or in the header's metadata. */
export interface AdapterConfig {
  /** The file's name, or the key of the metadata. */
  readonly from: string;
  readonly r: number | null;
  readonly alpha: number | null;
  /** mlx-lm's scale, in place of alpha. */
  readonly scale: number | null;
  readonly useRslora: boolean;
  readonly useDora: boolean;
  readonly loraBias: boolean;
  /** `none`, `all` or `lora_only`. */
  readonly bias: string;
  readonly rankPattern: Readonly<Record<string, number>>;
  readonly alphaPattern: Readonly<Record<string, number>>;
  /** `init_lora_weights`: `true`, `gaussian`, `pissa` … as text. */
  readonly init: string;
  readonly modulesToSave: readonly string[];
  readonly base: string | null;
  /** All that was written. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export type FaultCode =
  | 'no-alpha'
  | 'alpha-zero'
  | 'alpha-beside-peft'
  | 'alpha-twice'
  | 'alpha-in-header'
  | 'header-differs'
  | 'no-config'
  | 'rank-differs'
  | 'unpaired'
  | 'unknown-tensor'
  | 'pattern-unused'
  | 'needs-base'
  | 'not-finite'
  | 'dtypes-differ';

/** Something missing or contradictory. */
export interface Fault {
  readonly code: FaultCode;
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
  readonly faults: readonly Fault[];
}
