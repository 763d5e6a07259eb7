import * as vscode from 'vscode';
import type { Features } from '../features';
import { PLAN_TOOL } from '../ids';

/** The tool that a language model asks for the plans of another alpha. It reads, and never writes. */
export function registerTool(features: () => Promise<Features>): vscode.Disposable {
  return vscode.lm.registerTool<{ path?: unknown; alpha?: unknown }>(PLAN_TOOL, {
    prepareInvocation: ({ input: { path, alpha } }) => ({
      invocationMessage: vscode.l10n.t('Planning alpha {0} for {1}', String(alpha), String(path)),
      confirmationMessages: {
        title: vscode.l10n.t('Plan another LoRA alpha'),
        message: vscode.l10n.t(
          'Read {0} and compute its plans for alpha {1}? Nothing is written.',
          String(path),
          String(alpha),
        ),
      },
    }),
    invoke: async ({ input }, token) => {
      const answer = await (await features()).planAlpha(input, token);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(answer)]);
    },
  });
}
