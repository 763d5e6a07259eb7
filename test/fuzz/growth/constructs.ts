import type { SyntaxId } from '../../../src/config/reading';
import { pieces } from '../../support/pieces';

const COMMAND =
  'accelerate launch train_network.py --network_module=networks.lora --network_dim=8 --network_alpha=4 --learning_rate=1e-4\n';

/** What is repeated: pieces in turn, behind one that is there once (`x = 1` before many `f(x)`). */
export interface Repetition {
  once?: string;
  pieces: readonly string[];
}

/** What the readers of one syntax meet again and again in a hostile text. */
export interface Constructs {
  syntax: SyntaxId;
  file: string;
  /** A config, so that the text around it is read to its end. */
  config: string;
  /** Pieces that are repeated, closed or not. `#` becomes the number of the repetition. */
  pieces: readonly string[];
  /** Where a list, a map, a text of words, the arguments of a call or the uses of a value begin. */
  places: readonly string[];
  /** What goes on there, again and again; `#` as in {@link pieces}. */
  items: readonly string[];
  /** Repetitions that once were slow. */
  known?: readonly Repetition[];
  /** The text of a file that holds this text. */
  wrap?: ((text: string) => string) | undefined;
}

export const PYTHON: Constructs = {
  syntax: 'python',
  file: 'a.py',
  config: 'from peft import LoraConfig\nc = LoraConfig(r=8, lora_alpha=16)\n',
  known: [
    { once: 'x = 8\n', pieces: ['f(x)\n'] },
    { pieces: ['def f#(a):\n  b = a\n  return b\n'] },
    { pieces: ['model = get_peft_model(model, d)\n'] },
    { once: 'if x:\n', pieces: [' Trainer(args)\n'] },
    { once: 'model = get_peft_model(m, c)\n', pieces: [`model${'.x'.repeat(100)} = 1\n`] },
    { once: `class K(${'a.b,'.repeat(2900)}): pass\n`, pieces: ['K()\n'] },
    { once: `class K(${'Trainer, '.repeat(2900)}): pass\n`, pieces: ['K()\n'] },
    { once: 'c = LoraConfig(r=8, lora_alpha=16)\n'.repeat(190), pieces: ['Trainer(args)\n'] },
    { once: 'x = ', pieces: ['yield '] },
    { once: 'x = ', pieces: ['not '] },
    { pieces: ['"', 'a if b else '] },
    { once: 'Trainer(', pieces: ['k#=model, '] },
    { once: 'd = {"a": 1}\nc = LoraConfig(', pieces: ['**d, '] },
    { pieces: ['x = ', 'x.'] },
    { once: 'x = 8\n', pieces: ['k#=model, ', '1 + '] },
    { once: 'model = get_peft_model(m, c)\nx = ', pieces: ['model.x, '] },
    { once: 'model = get_peft_model(m, c)\nmodel.x', pieces: [' = model.x, model.y'] },
    { once: '{', pieces: ['c = LoraConfig(r=8, lora_alpha=16)\n'] },
    { once: 'model = get_peft_model(m, c)\nif model: pass\n', pieces: ['elif a#: b# = model\n'] },
    { pieces: ['def f():\n ', 'f(**x)\n'] },
    { once: 'model = get_peft_model(m, c)\n', pieces: ['def f(a):\n return a\n', 'f(**model)\n'] },
    { once: 'args = parser.parse_args()\n', pieces: ['parser.add_argument("--lr#", default=1)\nx# = args.lr#\n'] },
    { once: 'parser.add_argument("--a", choices=[', pieces: ['{"params": model.a, "lr": 1}, '] },
    { pieces: ['def f(a#):\n return a#\n', 'f(a#=model)\n'] },
    { pieces: ['class f(B#):\n a# = 1\n', 'f(a#=model)\n'] },
    { pieces: ['class f:\n def __init__(self, a#): self.a# = a#\n', 'f(a#=model)\n'] },
    { pieces: ['def f#(a): return g#(a)\ng# = f#\n', 'print(f#, model)\n'] },
  ],
  places: pieces`
  c = LoraConfig(r=8, lora_alpha=16,␣ ¦ c = LoraConfig(target_modules=[ ¦ c = LoraConfig(alpha_pattern={
  args = TrainingArguments("out",␣ ¦ d = { ¦ d = dict( ¦ Trainer( ¦ x = f( ¦ x =␣ ¦ x = " ¦ x = f" ¦ class K( ¦ def f(
  optimizer = AdamW([ ¦ d = {"a": 1}
c = LoraConfig( ¦ d = {"a": 1}
f( ¦ model = get_peft_model(m, c)
model
  model = get_peft_model(m, c)
f( ¦ for x in [ ¦ parser.add_argument("--a", choices=[ ¦ x = 8

`,
  items: pieces`
  k#=1,␣ ¦ k#=model,␣ ¦ k#=x,␣ ¦ "q#",␣ ¦ "k#": 8,␣ ¦ **d,␣ ¦ *d,␣ ¦ x,␣ ¦ k# ¦ .a ¦ [0] ¦ (x) ¦ 1 +␣ ¦ "a"␣ ¦ {x}
  {"params": model.a, "lr": 1},␣ ¦ x#: x = x
 ¦ x = x
 ¦ f(x)

`,
  pieces: pieces`
  ( ¦ [ ¦ { ¦ - ¦ not␣ ¦ lambda:␣ ¦ x =␣ ¦ x. ¦ f( ¦ " ¦ """ ¦ \\\n ¦ a and␣ ¦ a if b else␣ ¦ * ¦ if x:\n␣
  if x:\n a = 1\n ¦ for x in y:␣ ¦ for x in y:\n a = x\n ¦ def f():\n␣ ¦ class A:\n␣ ¦ @a\n ¦ x#\n ¦ x = 1\n
  x += 1\n ¦ x# = x\n ¦ x# = 1\n ¦ x.a = 1\n ¦ x["a"] = 1\n ¦ global x\n ¦ del x\n ¦ f"{ ¦ f"{x}"\n ¦ import a\n
  from a import b\n ¦ try:\n a\nexcept:\n b\n ¦ f(x)\n ¦ f(**x)\n ¦ {"a": 1}\n ¦ dict(a=1)\n ¦ \t ¦ ␣
  parser.add_argument("--a#", default=#)\n ¦ c = LoraConfig(r=8, lora_alpha=16)\n ¦ Trainer(args)\n
  def f#(a):\n return a\n ¦ model = get_peft_model(model, c)\n ¦ trainer.train()\n ¦ setattr(x, "a", 1)\n
  exec("")\n ¦ with a as b:\n c\n ¦ \u0060 ¦ é
  def f(a#):\n return a#\n ¦ f(a#=model)\n ¦ class f(B#):\n a# = 1\n ¦ @a#\ndef f#(): pass\n ¦ import m# as n#\n
  x# = lambda a#=model: a#\n ¦ if (w# := f(model)): pass\n ¦ with a# as b#, c# as d#: pass\n ¦ model.a# = x#\n
  try:\n a#\nexcept E# as e#:\n b#\n ¦ x# = f"{a#.b#:{w#}}"\n ¦ d["k#"] = model\n ¦ def f#(*a#, **k#): return k#\n
  x# = y# = model\n ¦ d.update(a#=model)\n ¦ x# = a# < b# < c#\n ¦ x# = "a#" \\\n "b#"\n ¦ x; y; z = 1\n
  x# = [a# for a# in model if a#]\n ¦ class K#(B#): pass\n ¦ x# = dict(a#=1, b#=x#)\n
`,
};

const line = (rest: string): string => `${COMMAND.trim()} ${rest}`;

/** Words of one variable in many commands. */
const SHARED: readonly Repetition[] = [
  { once: `A="${'k=1 '.repeat(100)}"\n`, pieces: [line('--network_args $A\n')] },
  { once: `A="${'--k=1 '.repeat(100)}"\n`, pieces: [line('$A\n')] },
  { once: `A=(${'k=1 '.repeat(100)})\n`, pieces: [line('--network_args "${A[@]}"\n')] },
];

const SHELL: Constructs = {
  syntax: 'shell',
  file: 'a.sh',
  config: COMMAND,
  known: [
    { pieces: ['source x\n', 'A#=$A\n'] },
    { pieces: ['A=1\n', '"$A" '] },
    { once: line(''), pieces: ['--k#=1 ', 'a.b#=1 '] },
    { once: line(''), pieces: ['"$EXTRA_ARGS_#" '] },
    { once: 'A=8\n', pieces: ['k#=1 '] },
    ...SHARED,
  ],
  places: [
    ...['--network_args ', '--optimizer_args ', '--optimizer_args "', '--x "', ''].map(line),
    ...pieces`A=( ¦ A=" ¦ A=8\n ¦ for a in␣ ¦ case x in\n ¦ echo␣ ¦ python x.py␣ ¦ x <<A\n`,
    `A=8\n${line('')}`,
  ],
  items: pieces`
  k#=1␣ ¦ k=1␣ ¦ --k# 1␣ ¦ --k#=1␣ ¦ a.b#=1␣ ¦ k#=1, ¦ $A␣ ¦ "$A"␣ ¦ "\u0024{A[@]}"␣ ¦ \u0024{A:-1}␣ ¦ \\\n ¦ a)␣ ¦ $(a)␣
  A=1\n ¦ [1,2]␣
`,
  pieces: [
    ...pieces`
  " ¦ ' ¦ $( ¦ $(( ¦ \u0024{A:- ¦ \u0060 ¦ \\\n ¦ | ¦ && ¦ ; ¦ {␣ ¦ ( ¦ ) ¦ [[␣ ¦ $A␣ ¦ "$A"␣ ¦ --a 1␣ ¦ <<A␣
  > a␣ ¦ a=(b)␣ ¦ A=1\n ¦ A#=$A\n ¦ A="$A --x 1"\n ¦ A+=(--x 1)\n ¦ export A=1\n ¦ source x\n ¦ read A\n
  A="$A $A"\n ¦ A=("\u0024{A[@]}" "\u0024{A[@]}" x)\n ¦ A=$((A + A))\n ¦ A="\n ¦ $(␣
  local A=1\n ¦ cat <<A\nx\nA\n ¦ # a\n ¦ \n ¦ if x; then\n ¦ if x; then A=1; fi\n ¦ for a in b; do\n
  for a in b; do c; done\n ¦ case x in\n ¦ f() {\n ¦ f() { a; }\n ¦ echo x\n ¦ eval x\n ¦ train.py $A\n
  python - <<E\nx = 1\nE\n
`,
    COMMAND,
  ],
};

const POWERSHELL: Constructs = {
  syntax: 'powershell',
  file: 'a.ps1',
  config: COMMAND,
  known: [
    { once: '$a = 1\n', pieces: ['@a '] },
    { once: `$A = "${'k=1 '.repeat(100)}"\n`, pieces: [line('--network_args $A\n')] },
  ],
  places: [
    ...['--network_args ', '--optimizer_args "', ''].map(line),
    ...pieces`$a = @( ¦ $a = " ¦ $a = 1\n ¦ $a = @{ ¦ param( ¦ foreach ($a in␣`,
    `$a = 8\n${line('')}`,
  ],
  items: pieces`
  k#=1␣ ¦ "k#=1",␣ ¦ --k# 1␣ ¦ --k#=1␣ ¦ $a␣ ¦ "$a"␣ ¦ @a␣ ¦ \u0060\n ¦ k# = 1;␣ ¦ $a#,␣ ¦ $a = 1\n
`,
  pieces: [
    ...pieces`
  " ¦ ' ¦ $( ¦ @( ¦ @{ ¦ \u0060 ¦ \u0060\n ¦ | ¦ ; ¦ , ¦ { ¦ ( ¦ ) ¦ @"\n ¦ # a\n ¦ <# ¦ &␣ ¦ $a␣ ¦ @a␣ ¦ --a 1␣
  "$a"␣ ¦ $a = 1\n ¦ $a# = $a\n ¦ $a += 1\n ¦ $a = @("--x", 1)\n ¦ $a.Add(1)\n ¦ $env:A = 1\n ¦ . ./a.ps1\n
  $a = "$a $a"\n ¦ $a += $a\n ¦ $a = $a + $a\n ¦ $a = @{ a =␣ ¦ if ($a) { ¦ "$( ¦ x |␣
  Set-Variable a 1\n ¦ \n ¦ if (1) { ¦ if (1) { $a = 1 }\n ¦ foreach ($a in $b) { ¦ function f {
  function f { a }\n ¦ param($a = 1)\n
`,
    COMMAND,
  ],
};

const notebook = (sources: readonly string[]): string =>
  JSON.stringify({
    cells: sources.map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [] })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });

export const CONSTRUCTS: readonly Constructs[] = [
  {
    syntax: 'yaml',
    file: 'a.yml',
    config: 'base_model: x\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1e-4\n',
    places: pieces`
  lora_target_modules: [ ¦ lora_target_modules:\n ¦ optim_args: { ¦ optim_args:\n ¦ optim_args: " ¦ datasets:\n
  plugins:\n ¦ x: &a 1\ny: [ ¦ x: &a 1\n ¦ x: &a {b: 1}\n ¦ lr_scheduler_kwargs: { ¦ x: "
`,
    items: pieces`
  q#,␣ ¦ "q#",␣ ¦ k#: 1,␣ ¦ *a,␣ ¦ k#: *a\n ¦ \u0020\u0020- q#\n ¦ \u0020\u0020k#: 1\n ¦ \u0020\u0020- {a: 1}\n
  k#=1, ¦ k#=1␣ ¦ word␣ ¦ \u0024{x}␣
`,
    pieces: pieces`
  -␣ ¦ ?␣ ¦ a:␣ ¦ [ ¦ { ¦ {a:␣ ¦ [a,␣ ¦ ] ¦ } ¦ " ¦ ' ¦ , ¦ : ¦ #␣ ¦ \n ¦ ␣ ¦ \t ¦ !t␣ ¦ !!str␣ ¦ &a␣ ¦ *a␣
  k#: #\n ¦ k: 1\n ¦ k#: a b\n ¦ k#: "#"\n ¦ k#: [1, 2]\n ¦ k#:\n  a: 1\n ¦ k#: &k# 1\n ¦ &k#: 1\n ¦ <<: *a\n
  <<: {a: 1}\n ¦ - 1\n ¦ ---\n ¦ ...\n ¦ %YAML 1.2\n ¦ |\n ¦ >\n ¦ a: |\n  x\n ¦ \u0024{a} ¦ a#: \u0024{a}\n ¦ é
  \r\n ¦ word␣ ¦ ---\nbase_model: x\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1e-4\n
`,
  },
  {
    syntax: 'toml',
    file: 'a.toml',
    config: 'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 4\nlearning_rate = 1e-4\n',
    known: [
      { once: 't.'.repeat(180), pieces: ['x.'] },
      { pieces: [`[${'t.'.repeat(180)}x#]\n`] },
      { pieces: [`${'t.'.repeat(180)}x# = 1\n`] },
      { pieces: [`x# = {${'t.'.repeat(180)}x = 1}\n`] },
    ],
    places: pieces`
  network_args = [ ¦ optimizer_args = [ ¦ x = [ ¦ x = { ¦ x = {t. ¦ t. ¦ [t. ¦ [t]\n ¦ [[t]]\n ¦ x = "
`,
    items: pieces`
  "k#=1",␣ ¦ "k=1",␣ ¦ k# = 1,␣ ¦ t.k# = 1\n ¦ t. ¦ k#. ¦ "k#". ¦ [1],␣ ¦ {a = 1},␣ ¦ k# = 1\n ¦ k=1␣
`,
    pieces: pieces`
  [ ¦ { ¦ {a= ¦ [1, ¦ a. ¦ " ¦ ' ¦ """ ¦ ''' ¦ \\ ¦ #␣ ¦ \n ¦ ␣ ¦ = ¦ , ¦ x = [\n ¦ é ¦ \r\n ¦ k# = #\n
  k# = "a"\n ¦ k# = [1, 2]\n ¦ k# = {a = 1}\n ¦ a.k# = 1\n ¦ [t#]\nx = 1\n ¦ [[t]]\nx = 1\n ¦ [t.t#]\n ¦ # a\n
`,
  },
  {
    syntax: 'json',
    file: 'a.json',
    config: '{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "x": [\n',
    places: ['alpha_pattern', 'rank_pattern', 'target_modules', 'modules_to_save', 'loftq_config', 'y'].flatMap(
      (key) => [`1], "${key}": {"a": 1`, `1], "${key}": ["a"`],
    ),
    items: pieces`, "k#": 8 ¦ , "k#": [1] ¦ , "q#" ¦ , "q" ¦ , {"a": 1} ¦ , [1]`,
    pieces: pieces`
  [ ¦ {"a": ¦ " ¦ , ¦ \\ ¦ \\u0000 ¦ 1, ¦ - ¦ /* */ ¦ //\n ¦ \n ¦ ␣ ¦ tru ¦ null, ¦ "a", ¦ [], ¦ {}, ¦ é
  {"k#": #}, ¦ [1, 2], ¦ ] ¦ } ¦ "k#":␣ ¦ 1e9,
`,
  },
  PYTHON,
  SHELL,
  POWERSHELL,
  {
    ...PYTHON,
    syntax: 'notebook',
    file: 'cell.ipynb',
    known: [
      ...(PYTHON.known ?? []),
      { pieces: ['exec("")\n'] },
      { once: 'd = {', pieces: ['"k#": 8, '] },
      { once: 'x = 8\n', pieces: [`!${line('--seed {x}\n')}`] },
      { once: `!${line('--seed {x}\n')}`, pieces: ['x = 1 \n'] },
    ],
    pieces: [...pieces`!pip x\n ¦ %cd x\n ¦ !x {a}\n ¦ !x \\\n ¦ %env A=1\n`, ...PYTHON.pieces, `!${COMMAND}`],
    wrap: (text) => notebook([text]),
  },
  {
    ...PYTHON,
    syntax: 'notebook',
    file: 'cells.ipynb',
    pieces: [
      ...pieces`
  x = 1\n ¦ !pip x\n ¦ %%bash\nx\n ¦ %%writefile a.yml\nlora_r: 8\nlora_alpha: 16\n ¦ " ¦ (
`,
      `!${COMMAND}`,
      `%%bash\n${COMMAND}`,
    ],
    known: [
      { pieces: [`%%writefile a.py\n${PYTHON.config}Trainer(${'k=model, '.repeat(60)})\n`] },
      { pieces: [`%%bash\n${line('--network_args ')}${'k=1 '.repeat(100)}\n`] },
      {
        pieces: [`%%writefile a.yml\nbase_model: x\nadapter: lora\nlora_r: 8\nlora_alpha: 16\n${'a: b\n'.repeat(50)}`],
      },
    ],
    wrap: (text) => notebook(text.split('\u0000')),
  },
];
