import { commandIn, type Entry } from '../../syntax/tree';
import { commandOf } from '../shared/command-line';
import { hasWord, isLoraWord, LORA_WORDS, plainWord } from './aliases';
import { ownEntries, type LoraBlock, type MapInFile } from './block';

const OFF = '(false|0|no|off|none)?';
/** A flag without a value is on, and so is one that a variable decides. */
const ON = `(?!${OFF}$).*`;
const FILLED = `(?!(null|never|${OFF})$).*`;
const METHOD = '(fine_?tun(e|ing)|sft|train(ing)?|tun(er|ing))';
const METHODS = `adapter|${METHOD}_type|(training|peft)_method|peft_scheme|peft`;
const KINDS = 'type|adapter|method|name|variant|kind|(peft|adapter|lora)_type|adapter_name';
const ADAPTERS =
  '(loha|lokr|ada[-_ ]?lora|ia3|oft|boft|vera|hada|glora|locon|prefix|prompt|p[-_]?tuning|lycoris|bottleneck)';
const SCORES =
  '(final|best|train|eval|test|val|validation|mean|avg|last)_(loss|acc(uracy)?|perplexity|ppl|reward|score)';
const TIMES = '(created|started|finished|completed|ended)_at|(elapsed|duration|runtime|train_runtime|peak_memory)\\w*';
const USES = '(eval|infer|predict|generat|merge|export|serve|convert|quantiz)\\w*|chat|demo|tests?|pytest';
const RADIO = 'spreading_factor|sf|bandwidth|coding_rate|frequency|dev_?eui|app_?key|gateway|tx_power|payload|sigma';

/** A pattern for texts such as `use_lora=false`: {@link settingText}. */
const setting = (keys: string, values = '.*'): RegExp => new RegExp(`^(${keys})=(${values})$`, 's');

/**
 * Settings that say that a file is no LoRA training, whatever rank and alpha it has. They count anywhere in the file, in
 * the block and around it, in a block whose rank has a common name, or in a command without `--do_train`.
 */
const REFUSALS: readonly (readonly ['file' | 'around' | 'unnamed' | 'untrained', RegExp])[] = [
  // LoRA is switched off, or all weights train.
  ['around', setting('enabled?|use|active|lora', OFF)],
  ['file', setting('(use|is|with|do|enable)_(q?lora|peft)(_lora)?|(q?lora|peft)_enabled?|low_rank_training', OFF)],
  ['file', setting('(no|without|disable)_(use_)?(q?lora|peft)|full_?fine_?tun(e|ing)|full_(ft|param\\w*)', ON)],
  ['file', setting(`${METHODS}|${METHOD}(_mode)?|model_type|method`, 'full.*')],
  // Another method, another adapter, or two. Of all types of PEFT, LORA alone has this scaling.
  [
    'around',
    setting(`${METHODS}|use_peft|component_`, `(?!(true|1|(.*[^a-z])?(${LORA_WORDS})([^a-z].*|config.*)?)$).*`),
  ],
  ['around', setting(`${METHODS}|use_peft|component_|${KINDS}`, `${ADAPTERS}([^a-z].*)?|.*ada[-_ ]lora.*`)],
  ['around', setting('peft_type', '(?!(.*\\.)?lora$).*')],
  ['around', setting(`network_alpha|(?!(q?lora|peft|lora_scaling)_alpha=)(\\w+_)?(${LORA_WORDS})_\\w*alpha`)],
  // LLaMA-Factory's: what its own reader leaves evaluates, exports, or trains without LoRA.
  ['around', setting('finetuning_type')],
  // What a run writes down of itself.
  ['around', setting(`${SCORES}|${TIMES}|losses|(log|loss)_history|exit_code|timestamp|wall_time|(git|commit)_\\w+`)],
  // It uses a model, and trains none.
  ['around', setting('eval|evaluate|(eval|evaluate|test|predict)_only|only_eval|inference|help', ON)],
  ['around', setting('mode|phase|stage', '(test|eval|infer|predict|generat).*')],
  ['around', setting('program', `(?!.*(train|tun(e|ing)|sft|dpo|ppo))(.*[_-])?(${USES})([_-].*)?`)],
  ['around', setting('do_train', OFF)],
  ['untrained', setting('do_(eval|predict|test)', ON)],
  // Long-range radio, which is called LoRa too; statistics; the rank of a process.
  ['unnamed', setting(`${RADIO}|num_classes|gamma|mixup_prob|p|prob|probability|n_components`)],
  ['unnamed', setting('world_size|local_rank|node_rank|master_addr|dist_url')],
];

/** Settings that may train more than A and B, or start from trained factors. */
export const TRAINS_MORE: readonly RegExp[] = [
  setting('(lora_)?bias(_type)?|(\\w+_)?(unfreeze|unfrozen)(_\\w+)?|adapter_name_or_path', FILLED),
  setting('train(able)?_(embed|lm_head|head|norm|layer_?norm|bias|token)\\w*|(auto_)?resume(_from\\w*)?', FILLED),
  setting(
    'lora_(weights|checkpoint|ckpt)(_path)?|(pretrained|initial|load|continue)_(from_)?(lora|adapter)\\w*',
    FILLED,
  ),
  setting('task_type', '.*(_cls|classification|question_ans).*'),
];

/** Blocks whose rank or alpha is something else than LoRA's. */
const isOther = hasWord(
  'mix_?up|cut_?mix|augment\\w*|aug|transforms?|focal|loss|criterion|dirichlet|beta_schedule|noise|lorawan|radio|elastic|' +
    'distill\\w*|ema|ppo|loha|lokr|adalora|kd|sampler|plot|colou?rs?|style',
);

/** A key and its value as one text, `use_lora=false`; of a list only whether anything is in it: `losses=several`. */
export function settingText({ key, value }: Entry): string {
  const several = value.kind === 'scalar' ? [] : value.kind === 'list' ? value.items : value.entries;
  const text = value.kind === 'scalar' ? String(value.value).toLowerCase() : several.length > 0 ? 'several' : '';
  return `${plainWord(key)}=${text}`;
}

/** Whether the file shows that the block is no LoRA training. */
export function isRefused(block: LoraBlock, places: readonly MapInFile[]): boolean {
  const isSaid = ({ map, path }: MapInFile): boolean => {
    const isCommand = commandIn(map) !== null;
    // The name of a command is that of a run.
    const own = ownEntries(map).filter(({ key, value }) => value.kind !== 'map' && !(key === 'name' && isCommand));
    const program = /[^./\\ ]*$/.exec(commandOf(map).replace(/\.py$/, ''))?.[0] ?? '';
    const texts = [`program=${program.toLowerCase()}`, ...own.map(settingText)];
    const counts = {
      file: true,
      around: path.every((step, i) => step === block.path[i]),
      untrained: isCommand && !texts.some((text) => text.startsWith('do_train=')),
      unnamed: map === block.map && !isLoraWord(block.rank.key),
    };
    return REFUSALS.some(([at, refusal]) => counts[at] && texts.some((text) => refusal.test(text)));
  };
  return block.path.some(isOther) || places.some(isSaid);
}
