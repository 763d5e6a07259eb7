import * as l10n from '@vscode/l10n';
import { bindingsOfName } from '../../syntax/python/names';
import { type Expression, childrenOf, rootOf } from '../../syntax/python/nodes';
import { scopeAt } from '../../syntax/python/outline';
import { CATCHES, doubtIf, STEPS, type Doubt, type Judge } from './given';
import { MEASURED, named, NUMBERS } from './harmless';
import { DECIDES } from './harmless-calls';
import { classRow, DECIDING, PLAIN_BASES, type ClassRow } from './harmless-classes';
import type { Touched } from './touched';

const begins = (list: string): RegExp => new RegExp(`^${named(list).replace(/\$$/, '\\b')}`);
/** Modules that have no name of a trainer, a config or an optimizer. */
const PLAIN_MODULES =
  begins(`math typing os sys re pathlib dataclasses collections itertools functools random time datetime numpy datasets
  enum abc tqdm ipywidgets`);
/** What may stand around code that touches a run, beside calls that have a row. */
const PLAIN_CONTEXTS =
  begins(`open tqdm *.open warnings contextlib.[^s]* nullcontext redirect_stdout tempfile time *timer Progress
  mlflow wandb ThreadPoolExecutor self.assert*`);
const PLAIN_DECORATORS =
  begins(`torch.no_grad torch.inference_mode staticmethod classmethod property *.cell *.command *.get *.post *.function
  *.main *.task contextmanager contextlib.contextmanager override spaces.GPU wraps lru_cache cache functools.wraps
  functools.lru_cache functools.cache record dataclass pytest unittest.skip* require_* slow parameterized
  execute_with_time_limit`);

/** Calls of other libraries, as statements of their own, that have nothing to do with training. */
const PLAIN_EFFECTS = new RegExp(
  `^${named(`IPython.** PIL.** cv2.** dotenv.** fire.Fire google.colab.** gradio.** huggingface_hub.** liger_kernel.**
    marimo.** nest_asyncio.apply nltk.** os.** pandas.** pytest.** random.** shutil.** signal.** soundfile.**
    subprocess.** swift.** sys.** tensorflow.** threading.** torch_xla.** torchaudio.** torchvision.** **.*seed*
    **.*log* **.print* **.show* **.plot* **.save* **.load* **.download* **.display* **.main **.run* **.train*
    **.eval* **.test* **.check* **.*dirs **.*distributed* **.wait* **.barrier **.write*`)}`,
);

const ofImport: Judge = ({ touched }, node) => {
  const module = /^from\s+(\S+)\s+import\s*\*/.exec(touched.source(node))?.[1];
  const isPlain = module === undefined || DECIDES.test(module) || PLAIN_MODULES.test(module);
  const isPatch = /^(?:from|import)\s+\S*(?<!dis)patch/i.test(touched.source(node));
  const why = l10n.t('It may bring other classes under the names of the run.');
  return doubtIf(!isPlain || isPatch, node, why, isPlain ? 0 : NUMBERS);
};

const ofClass: Judge = ({ touched, read, touches }, definition) => {
  const body = definition.getChild('Body');
  if (!body) return [];
  const scope = scopeAt(touched.program.outline, body.from);
  const bases = touched.definitions.basesOf(scope);
  const row = classRow(bases);
  const unknown = bases.find((base) => !PLAIN_BASES.test(base) && !row?.base.test(base));
  const isApart = unknown !== undefined && /^(?:transformers|torch\.nn|nn)\.\w+$/.test(unknown) && !touches(body);
  const isUnknown =
    unknown !== undefined && (row !== null || unknown.startsWith('logging.') || (DECIDES.test(unknown) && !isApart));
  const why = l10n.t`LoRA Alpha does not know what a ${unknown ?? ''} does to the run.`;
  const head = { from: definition.from, to: body.from };
  const open = childrenOf(body).filter(({ from }) => !read.calls.has(from));
  const lines = row ? open.flatMap((line) => ofLine(touched, line, row)) : [];
  return [...doubtIf(isUnknown, head, why, row ? NUMBERS : 0), ...lines];
};

/** A line of a class that is derived from a trainer, a callback or the training arguments. */
function ofLine(touched: Touched, line: Expression, row: ClassRow): Doubt[] {
  const method = line.name === 'DecoratedStatement' ? line.getChild('FunctionDefinition') : line;
  const isMethod = method?.name === 'FunctionDefinition';
  const name = touched.source(isMethod ? method.getChild('VariableName') : line.firstChild);
  const isSet = line.name === 'AssignStatement' && !DECIDING.test(name);
  const isKnown = isMethod ? row.methods.test(name) : isSet || /^(?::|(?:Pass|Expression)Statement)$/.test(line.name);
  const at = { from: line.from, to: method?.getChild('Body')?.from ?? line.to };
  return doubtIf(!isKnown, at, l10n.t`It replaces ${name} of the run.`);
}

/** `with Clip(): trainer.train()` */
const ofContext: Judge = ({ touched, touches }, statement) => {
  const body = statement.getChild('Body');
  if (!body || !touches(body)) return [];
  const contexts = childrenOf(statement).filter(
    ({ name, to, prevSibling }) => to <= body.from && prevSibling?.name !== 'as' && /Expression$|Name$/.test(name),
  );
  const why = l10n.t('LoRA Alpha does not know what this does to the run within.');
  return contexts.flatMap((at) => doubtIf(!isPlainContext(touched, at), at, why, 0));
};

function isPlainContext(touched: Touched, context: Expression): boolean {
  if (PLAIN_CONTEXTS.test(touched.source(context)) || touched.held(context)) return true;
  if (context.name !== 'CallExpression') return false;
  const { row, own, owner } = touched.called(context);
  return own.length === 0 ? row !== null || owner !== 0 : own.every(({ kind }) => kind !== 'class');
}

const ofDecorators: Judge = ({ touched, touches }, statement) => {
  const method = statement.getChild('FunctionDefinition');
  const body = statement.getChild('ClassDefinition')?.getChild('Body');
  const isDerived = body && classRow(touched.definitions.basesOf(scopeAt(touched.program.outline, body.from)));
  if (method ? !touches(method) : !isDerived) return [];
  return statement.getChildren('Decorator').flatMap((at) => {
    const word = touched.source(at).replace(/^@\s*/, '').trim();
    const isOwn = childrenOf(at).some((part) => touched.definitions.of(part).length > 0);
    const why = l10n.t`LoRA Alpha does not know what ${word} does to the function.`;
    return doubtIf(isOwn || !PLAIN_DECORATORS.test(word), at, why);
  });
};

/** Code that goes on after an error in a loop of this text, or that a number of the training repeats. */
const ofSteps: Judge = ({ touched, touches, hasSteps }, node) => {
  const source = touched.source(node);
  const items = node.name === 'ForStatement' ? node.getChild('Body')?.prevSibling : null;
  if (items) return doubtIf(STEPS.test(source) && touched.held(items) & MEASURED, items, LEFT_OUT);
  const isLookup = /^try:\s*return super\(\)\.__getattr__\(/.test(source);
  const isOfLoop = !isLookup && hasSteps && (touches(node) || /\byield\b/.test(source));
  const at = node.getChild('except') ?? node.firstChild ?? node;
  return doubtIf(isOfLoop && CATCHES.test(source) && !/\n[ \t]+raise\b[^\n]*\s*$/.test(source), at, LEFT_OUT);
};
const LEFT_OUT = l10n.t('An error or a number of the training may leave out a step here.');

/** Whether another library is called for what that does: nobody uses the result, or its name says so. */
export function isEffect({ program: { text, outline } }: Touched, call: Expression, path: string): boolean {
  let whole = call;
  while (whole.parent?.from === call.from && whole.name !== 'ExpressionStatement') whole = whole.parent;
  const isNamed = whole.name === 'ExpressionStatement' || /monkey|hijack|patch(?!e)/i.test(path);
  const isImported = bindingsOfName(text, outline, rootOf(call.firstChild ?? call)).length > 0;
  return isNamed && isImported && path.includes('.') && !PLAIN_EFFECTS.test(path);
}

/** What stands around code that touches a run: derived classes, contexts, decorators, imports, errors. */
export const AROUND: Readonly<Record<string, Judge>> = {
  ClassDefinition: ofClass,
  WithStatement: ofContext,
  DecoratedStatement: ofDecorators,
  ImportStatement: ofImport,
  TryStatement: ofSteps,
  ForStatement: ofSteps,
};
