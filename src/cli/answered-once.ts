import * as z from 'zod';
import { VerifyReport } from '../../schemas/evidence-tools.js';
import { evidenceState } from '../evidence/verify-state.js';
import { knownSettings } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Answer, Terminal } from './command.js';

const Kept = z.object({
  state: z.string(),
  at: z.string(),
  json: VerifyReport,
  text: z.string(),
  exitCode: z.int(),
});

/**
 * The answer of an earlier verification as long as nothing it depends on was touched, else a new one. It is kept only when
 * nothing was touched while it was made.
 */
export async function answeredOnce(
  workspace: Workspace,
  kept: Terminal['kept'],
  { root, input }: { readonly root: string; readonly input: object },
  verify: () => Promise<Answer>,
): Promise<Answer> {
  const { tracker } = knownSettings(workspace).workspace;
  const key = JSON.stringify([workspace.root, root, input]);
  const state = await evidenceState(workspace, root, tracker);
  const before = Kept.safeParse(parsed(kept.read(key))).data;
  if (before?.state === state) {
    const { json, text, exitCode, at } = before;
    return { json, text: `${text}\nUnchanged since it was verified at ${at}.`, exitCode };
  }
  const answer = await verify();
  if (state === (await evidenceState(workspace, root, tracker)))
    kept.write(key, JSON.stringify({ ...answer, state, at: workspace.now().toISOString() }));
  return answer;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
