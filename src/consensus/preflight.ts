import type { Finding } from '../../schemas/shared.js';
import { type Criterion, readCriteria } from '../packet/criteria.js';
import { lintPacket, readText } from '../packet/documents.js';
import type { Packet } from '../packet/find.js';
import type { Rule } from '../rule.js';
import type { Files } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { citedPaths } from './cited-paths.js';
import type { Context } from './context.js';
import { gapsOf } from './gaps.js';
import { preflightRules } from './preflight-rules.js';

/** What can be said about a packet without any model. */
export interface Preflight {
  readonly criteria: readonly Criterion[];
  /** Errors first, then by file and line. */
  readonly findings: readonly Finding[];
}

const SEEN = ['spec.md', 'plan.md', 'tasks.md'] as const;
const CONSTITUTION = 'memory/constitution.md';

/** Throws GIT_UNAVAILABLE. */
export async function preflight(workspace: Workspace, packet: Packet, context: Context): Promise<Preflight> {
  const tracked = await workspace.git.tracked();
  const texts = SEEN.flatMap(name => {
    const file = `${packet.directory}/${name}`;
    const read =
      workspace.files.info(file).kind === 'file' ? readText(workspace.files, file) : { problem: '' };
    return 'text' in read ? [{ file, text: read.text }] : [];
  });
  const [spec] = texts;
  const criteria = readCriteria(spec?.text ?? '');
  const findings = [
    ...lintPacket(workspace, packet, null).filter(({ severity }) => severity !== 'info'),
    ...whole(workspace.files, packet, criteria, context),
    ...texts.flatMap(({ file, text }) => gaps(file, text)),
    ...texts.flatMap(({ file, text }) => missingPaths(file, text, tracked)),
  ];
  return { criteria, findings: findings.sort(byWeight) };
}

function whole(
  files: Files,
  { directory }: Packet,
  criteria: readonly Criterion[],
  { specCut }: Context,
): Finding[] {
  const spec = `${directory}/spec.md`;
  const { noCriteria, noConstitution, specCut: cut } = preflightRules;
  return [
    ...(criteria.length > 0 ? [] : [finding(noCriteria, spec, 1, 'spec.md lists no acceptance criteria.')]),
    ...(specCut ? [finding(cut, spec, 1, 'spec.md is cut to fit into the context of the agents.')] : []),
    ...(files.info(CONSTITUTION).kind === 'file'
      ? []
      : [finding(noConstitution, CONSTITUTION, 1, `${CONSTITUTION} does not exist.`)]),
  ];
}

function gaps(file: string, text: string): Finding[] {
  return gapsOf(text).map(gap =>
    gap.kind === 'empty'
      ? finding(preflightRules.emptySection, file, gap.line, `The section "${gap.text}" is empty.`)
      : finding(preflightRules.placeholder, file, gap.line, `"${gap.text}" is still to be decided.`),
  );
}

function missingPaths(file: string, text: string, tracked: ReadonlySet<string>): Finding[] {
  const base = file.slice(0, file.lastIndexOf('/'));
  return citedPaths(text, name => tracked.has(name))
    .filter(({ path }) => !tracked.has(path) && !tracked.has(`${base}/${path}`))
    .map(({ path, line }) =>
      finding(preflightRules.missingPath, file, line, `${path} is not tracked by git.`),
    );
}

function finding({ code, severity }: Rule, file: string, line: number, message: string): Finding {
  return { code, severity, file, line, column: 1, message };
}

const weights = { error: 0, warning: 1, info: 2 } as const;

function byWeight(a: Finding, b: Finding): number {
  if (a.severity !== b.severity) return weights[a.severity] - weights[b.severity];
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line;
}
