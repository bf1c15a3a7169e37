import { SpecId } from '../../../schemas/ids.js';
import { SpecError } from '../../errors.js';
import { verifyExitCode } from '../../evidence/findings.js';
import { bundleFolders, ledgerFolder } from '../../evidence/layout.js';
import { verifyWhole } from '../../evidence/verify.js';
import { findPacket } from '../../packet/find.js';
import { tellStory } from '../../report/gather.js';
import { REPORT_MARK, storyHtml } from '../../report/html.js';
import { storyLines } from '../../report/words.js';
import { loadSettings } from '../../settings/load.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { Command } from '../command.js';

export const reportCommand: Command = {
  name: 'report',
  summary: 'tell a reviewer what was proven about a spec and what was not; exit codes as of verify',
  takes: 'SPEC-ID',
  positionals: [1, 1],
  flags: {
    html: {
      type: 'string',
      value: 'FILE',
      help: 'write it as one self-contained page; replaces only an older report',
    },
  },
  example: 'spec-kit-mcp report SPEC-KIT-DEMO --html report.html',
  async run(parsed, terminal) {
    const specId = SpecId.safeParse(parsed.positionals[0]).data;
    if (specId === undefined)
      throw new SpecError('INVALID_ARGUMENT', 'report takes a spec id such as SPEC-KIT-018.');
    const workspace = terminal.openToRead(parsed.text('workspace'));
    const { settings } = await loadSettings(workspace);
    const { docs_root: docsRoot, evidence_root: root } = settings.workspace;
    assertKnown(workspace, docsRoot, root, specId);
    const verified = await verifyWhole(
      workspace,
      root,
      { specId },
      {
        signal: terminal.signal,
        progress: async (done, total, message) => terminal.step(done, total, message),
      },
    );
    const story = await tellStory(workspace, settings.workspace, specId, verified);
    const file = parsed.text('html');
    if (file !== undefined) terminal.page(file, storyHtml(story), REPORT_MARK);
    const text = [...storyLines(story), ...(file === undefined ? [] : [`The page is in ${file}.`])].join(
      '\n',
    );
    return { json: story, text, exitCode: verifyExitCode(story.verification.outcome) };
  },
};

/** Evidence outlives its packet; of a spec that has neither there is nothing to tell. Throws NOT_FOUND. */
function assertKnown(workspace: Workspace, docsRoot: string, root: string, specId: string): void {
  const folders = [ledgerFolder(specId), ...bundleFolders(specId)];
  if (folders.every(folder => workspace.files.list(`${root}/${folder}`).length === 0))
    findPacket(workspace, docsRoot, specId);
}
