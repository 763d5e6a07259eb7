import { commandIn, type MapNode } from '../../syntax/tree';
import { commandOf } from '../shared/command-line';
import { fits, isZero, LEARNING_RATE, plainWord, settingText } from './aliases';
import { ownEntries, type MapInFile } from './match';

/** The maps that a refusal counts in: the block, the block and all around it, the file's top, a command's flags, or any. */
type At = 'block' | 'around' | 'top' | 'command' | 'file';

/** Settings that say that a file is no LoRA config, whatever rank and alpha it has. */
const REFUSALS: readonly (readonly [At, RegExp])[] = [
  // LoRA is switched off, or all weights train. A flag without a value is on, and so is one that a variable decides.
  ['block', /^(?:enabled?|use|active|lora)=(?:false|0|no|off|none)?$/],
  [
    'file',
    /^(?:(?:use|is|with|do|enable)_(?:q?lora|peft)(?:_lora)?|(?:q?lora|peft)_enabled?|low_rank_training)=(?:false|0|no|off|none)?$/,
  ],
  [
    'file',
    /^(?:(?:no|without|disable)_(?:use_)?(?:q?lora|peft)|full_?fine_?tun(?:e|ing)|full_ft|full_param(?:eter)?s?)=(?!(?:false|0|no|off|none)?$)/,
  ],
  [
    'file',
    /^(?:(?:finetuning|fine_tune|finetune|train|tuner|sft|training|tuning)_(?:type|mode)|(?:training|peft)_method|model_type|method|adapter|peft|peft_scheme|finetune|finetuning|fine_tuning)=full(?:[-_ ]?(?:ft|(?:fine[-_ ]?)?tun(?:e|ing)|param\w*))?$/,
  ],
  // Another method is chosen.
  [
    'around',
    /^(?:adapter|(?:finetuning|fine_tune|finetune|train|tuner|sft|training|tuning)_type|(?:training|peft)_method|peft_scheme|peft|use_peft|component_)=(?!(?:true|1)$)(?!(?!.*ada[-_ ]?lora)(?:.*[^a-z])?(?:q?lora|dora|rslora|peft|low[-_ ]rank)(?:[^a-z]|config|$))/,
  ],
  // LLaMA-Factory's: what its own reader leaves evaluates, exports, or trains without LoRA.
  ['top', /^finetuning_type=/],
  // Another adapter. Of all types of PEFT, LORA alone has this scaling.
  [
    'block',
    /^(?:type|adapter|method|name|variant|kind|(?:peft|adapter|lora)_type|adapter_name)=(?:loha|lokr|adalora|ia3|oft|boft|vera|hada|glora|locon|prefix|prompt|p[-_]?tuning|lycoris|bottleneck)(?![a-z])/,
  ],
  ['block', /^peft_type=(?!(?:.*\.)?lora$)/],
  // What a run writes down of itself.
  [
    'top',
    /^(?:(?:final|best|train|eval|test|val|validation|mean|avg|last)_(?:loss|acc|accuracy|perplexity|ppl|reward|score)|losses|(?:log|loss)_history|wall_time|(?:elapsed|duration|runtime|train_runtime|peak_memory)\w*|exit_code)=/,
  ],
  ['top', /^(?:(?:created|started|finished|completed|ended)_at|timestamp|git_(?:sha|commit|hash)|commit_hash)=/],
  // A command that uses a model, and trains none.
  [
    'command',
    /^(?:eval|evaluate|(?:eval|evaluate|test|predict)_only|only_eval|inference|help)=(?!(?:false|0|no|off|none)?$)/,
  ],
  ['command', /^(?:mode|phase|stage)=(?:test|eval|infer|predict|generat)/],
];

/** Blocks whose rank or alpha is something else than LoRA's. */
const OTHER_BLOCK =
  /(?:^|_)(?:mix_?up|cut_?mix|augment\w*|aug|transforms?|focal|loss|criterion|dirichlet|beta_schedule|noise|lorawan|radio|elastic|distill\w*|ema|ppo|loha|lokr|adalora|kd|sampler|plot|colou?rs?|style)(?:_|$)/;

/** Whether the file shows that the block is no LoRA training. */
export function isRefused({ map, path }: MapInFile, places: readonly MapInFile[]): boolean {
  const isAt = (other: MapInFile, at: At): boolean =>
    at === 'file' ||
    (at === 'block' && other.map === map) ||
    (at === 'around' && other.path.every((step, i) => step === path[i])) ||
    (other.path.length === 0 && (at === 'top' || (at === 'command' && commandIn(other.map) !== null)));
  const settings = places.flatMap((place) =>
    ownEntries(place.map)
      // The name of a command is that of a run.
      .filter(({ key, value }) => value.kind !== 'map' && !(key === 'name' && commandIn(place.map)))
      .map(({ key, value }) => ({ place, text: settingText(key, value) })),
  );
  return (
    path.some((step) => OTHER_BLOCK.test(plainWord(step))) ||
    settings.some(({ place, text }) => REFUSALS.some(([at, setting]) => isAt(place, at) && setting.test(text)))
  );
}

/** Names of programs that use a model, test it or change its format. */
const USES =
  /(?:^|[_-])(?:eval\w*|infer\w*|predict\w*|generat\w*|merge\w*|export\w*|serve\w*|chat|demo|tests?|pytest|convert\w*|quantiz\w*)(?=$|[_-])/i;
/** Names of programs that train, whatever else they do: `finetune_chat.py`. */
const TRAINS = /train|tun(?:e|ing)|sft|dpo|ppo/i;

/** Whether a command trains: it has a learning rate, and neither its program nor a flag only uses a model. */
export function doesTrain(command: MapNode): boolean {
  const flags = ownEntries(command);
  const hasRate = flags.some(
    ({ key, value }) => LEARNING_RATE.names.has(plainWord(key)) && fits(LEARNING_RATE, value) && !isZero(value),
  );
  const stem = /[^./\\ ]*$/.exec(commandOf(command).replace(/\.py$/, ''))?.[0] ?? '';
  if (!hasRate || (USES.test(stem) && !TRAINS.test(stem))) return false;
  const texts = flags.map(({ key, value }) => settingText(key, value));
  if (texts.some((text) => text.startsWith('do_train=')))
    return !texts.some((text) => /^do_train=(?:false|0|no)$/.test(text));
  return !texts.some((text) => /^do_(?:eval|predict|test)=(?!(?:false|0|no)$)/.test(text));
}
