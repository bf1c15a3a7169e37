import { SpecError } from '../../errors.js';
import { uncommitted } from '../../evidence/uncommitted.js';
import { verifyWhole } from '../../evidence/verify.js';
import { reportOf, SHORT } from '../../evidence/verify-report.js';
import { some } from '../../guardrail/guardrail.js';
import { evidenceRootOf } from '../../settings/evidence-root.js';
import type { Workspace } from '../../workspace/workspace.js';
import { type Actions, runAction } from '../actions.js';
import type { Answer, Command, Terminal } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { HOOK, HOOK_PATH, HOOK_SECONDS } from '../hook-script.js';

const MAX_BYTES = 1024 * 1024;
const SHOWN = 3;

const actions: Actions = {
  install: async (parsed, terminal) => install(terminal.open(parsed.text('workspace'))),
  uninstall: async (parsed, terminal) => uninstall(terminal.open(parsed.text('workspace'))),
  run: (parsed, terminal) => run(terminal.open(parsed.text('workspace')), terminal),
};

export const hooksCommand: Command = {
  name: 'hooks',
  summary: 'install or remove a git hook that verifies the evidence before a push, within a time limit',
  takes: 'install | uninstall | run',
  positionals: [1, 1],
  flags: {},
  example: 'spec-kit-mcp hooks install',
  run: (parsed, terminal) => runAction('hooks', actions, parsed, terminal),
};

function install(workspace: Workspace): Answer {
  const { files } = workspace;
  if (files.info('.git').kind !== 'directory')
    throw new SpecError(
      'REFUSED',
      'The hooks of this work tree are kept elsewhere. Install the hook in the main work tree; for a submodule add `spec-kit-mcp hooks run` to the pre-push hook of its git folder.',
    );
  const config = files.read('.git/config', MAX_BYTES)?.bytes.toString() ?? '';
  if (/^\s*hooksPath\s*=/im.test(config))
    throw new SpecError(
      'REFUSED',
      'This repository keeps its hooks elsewhere (core.hooksPath). Add `spec-kit-mcp hooks run` to its pre-push hook.',
    );
  const now = current(workspace);
  if (now !== undefined && now !== HOOK)
    throw new SpecError(
      'EXISTS',
      `${HOOK_PATH} exists and was left alone. Add the line \`spec-kit-mcp hooks run\` to it.`,
    );
  if (now === undefined) files.create(HOOK_PATH, Buffer.from(HOOK), 0o755);
  return answer(
    workspace,
    'installed',
    `${HOOK_PATH} verifies the evidence of the work tree before each push, within ${HOOK_SECONDS} s. Skip it once with SPEC_KIT_SKIP_HOOK=1; remove it with \`spec-kit-mcp hooks uninstall\`.`,
  );
}

function uninstall(workspace: Workspace): Answer {
  const now = current(workspace);
  if (now === undefined) return answer(workspace, 'absent', `There is no ${HOOK_PATH}.`);
  if (now !== HOOK)
    throw new SpecError(
      'REFUSED',
      `${HOOK_PATH} is not what was installed, so it was left alone. Take the line out by hand.`,
    );
  workspace.files.remove(HOOK_PATH);
  return answer(workspace, 'removed', `${HOOK_PATH} is gone.`);
}

function current({ files }: Workspace): string | undefined {
  return files.info(HOOK_PATH).kind === 'file'
    ? files.read(HOOK_PATH, MAX_BYTES)?.bytes.toString()
    : undefined;
}

/** Stops a push for evidence that was changed or is not the one in HEAD, and for nothing else; being slow or unable is said, not punished. */
async function run(workspace: Workspace, { signal }: Terminal): Promise<Answer> {
  const stop = new AbortController();
  const done = new AbortController();
  signal.addEventListener('abort', () => stop.abort(), { once: true });
  void workspace.wait(HOOK_SECONDS * 1000, done.signal).then(() => {
    if (!done.signal.aborted) stop.abort();
  });
  try {
    return await verified(workspace, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return unverified(`it took longer than ${HOOK_SECONDS} s, or was ended`);
    if (error instanceof SpecError) return unverified(error.message);
    throw error;
  } finally {
    done.abort();
  }
}

async function verified(workspace: Workspace, signal: AbortSignal): Promise<Answer> {
  const root = await evidenceRootOf(workspace);
  const verified = await verifyWhole(workspace, root, {}, { signal, progress: async () => {} });
  const { outcome, summary } = reportOf(workspace, verified, SHORT);
  const { changed, lacking, added } = await uncommitted(workspace, root, verified.verdicts);
  const isWrong = outcome !== 'ok' && outcome !== 'incomplete';
  const blocked = isWrong || changed.length > 0 || lacking.length > 0;
  const text = [
    summary,
    ...(isWrong ? ['`spec-kit-mcp verify --all` names it.'] : []),
    ...(changed.length > 0
      ? [otherThan(changed, 'differ from HEAD in the work tree', 'Commit or restore')]
      : []),
    ...(lacking.length > 0 ? [otherThan(lacking, 'are not in HEAD, whose records need them', 'Commit')] : []),
    ...(!blocked && added.length > 0
      ? [`${added.length} new files of evidence are not committed, so not pushed.`]
      : []),
    ...(blocked ? ['To push all the same: SPEC_KIT_SKIP_HOOK=1 git push'] : []),
  ];
  return {
    json: { outcome, changed: changed.length, lacking: lacking.length, blocked },
    text: text.join(' '),
    exitCode: blocked ? EXIT.failed : EXIT.passed,
  };
}

/** git pushes commits, and what was verified is the work tree. */
function otherThan(paths: readonly string[], how: string, mend: string): string {
  return `What is pushed is not what was verified: ${some(paths, SHOWN)} ${how}. ${mend} them.`;
}

function unverified(why: string): Answer {
  return {
    json: { outcome: null, blocked: false },
    text: `The evidence was NOT verified: ${why}`,
    exitCode: EXIT.passed,
  };
}

function answer({ label }: Workspace, hook: string, text: string): Answer {
  return { json: { workspace: label, hook, path: HOOK_PATH }, text, exitCode: EXIT.passed };
}
