import type { Stage } from '../../schemas/ids.js';
import { artifactPaths, type Ground, judgeArtifacts } from './artifacts.js';
import { bundleOf, type OriginBundle } from './bundle.js';
import type { FoundFile } from './evidence-file.js';
import { fieldsOf, jsonOf, textAt } from './fields.js';
import type { Folder } from './folder.js';
import { judgeAgent, type Payload } from './judge-agent.js';
import { judgeMetrics, judgeTelemetry } from './judge-figures.js';
import { judgeSynthesis, judgeVerdict, type Run } from './judge-synthesis.js';
import { type Blame, type Claim, collectReasons } from './reasons.js';

/** Files of one run: agents, their metrics, the synthesis or verdict, telemetry. */
export function consensusBundle(
  folder: Folder,
  stage: Stage,
  session: string,
  names: readonly string[],
  ground: Ground,
): OriginBundle {
  const { specId } = folder;
  const { reasons, blame } = collectReasons();
  const claims = new Map<string, Claim>();
  const found = names.map(name => folder.read(name));
  const payloads: Payload[] = [];
  for (const file of found) {
    if (file.is.kind !== 'agent') continue;
    const { claim, payload } = judgeAgent(file, stage, file.is.agent, { specId, blame });
    claims.set(file.name, claim);
    if (payload !== undefined) payloads.push(payload);
  }
  const run: Run = { specId, stage, payloads, blame };
  const verdicts = judgeVerdicts(found, run, claims);
  judgeFigures(found, run, claims, ground);
  const [first] = found;
  if (verdicts.length === 0 && first !== undefined)
    blame('synthesis-missing', first.name, 'No synthesis and no verdict belongs to these answers.');
  const claim = verdicts.includes('failed') ? 'failed' : (verdicts[0] ?? 'none');
  return bundleOf({ specId, kind: 'consensus', stage, session, claim }, inOrder(found), claims, reasons);
}

function judgeVerdicts(found: readonly FoundFile[], run: Run, claims: Map<string, Claim>): readonly Claim[] {
  const verdicts: Claim[] = [];
  for (const file of found) {
    if (file.is.kind !== 'synthesis' && file.is.kind !== 'verdict') continue;
    const claim = file.is.kind === 'synthesis' ? judgeSynthesis(file, run) : judgeVerdict(file, run);
    claims.set(file.name, claim);
    verdicts.push(claim);
  }
  return verdicts;
}

function judgeFigures(
  found: readonly FoundFile[],
  run: Run,
  claims: Map<string, Claim>,
  ground: Ground,
): void {
  const synthesis = found.find(({ is }) => is.kind === 'synthesis');
  const status = textAt(jsonOf(synthesis?.text ?? ''), 'status');
  for (const file of found) {
    const { is } = file;
    if (is.kind === 'metrics') claims.set(file.name, judgeMetrics(file, is.agent, run.payloads, run.blame));
    if (is.kind !== 'telemetry') continue;
    claims.set(file.name, judgeTelemetry(file, run.payloads, status, run));
    judgeListed(file, ground, run.blame);
  }
}

function judgeListed(file: FoundFile, ground: Ground, blame: Blame): void {
  const [line = ''] = (file.text ?? '').split('\n');
  const paths = artifactPaths(fieldsOf(jsonOf(line)) ?? {});
  if (paths.length > 0) judgeArtifacts(file.name, paths, ground, blame);
}

/** The synthesis, which makes the claim, first. */
function inOrder(found: readonly FoundFile[]): readonly FoundFile[] {
  const rank = ({ is }: FoundFile) => (is.kind === 'synthesis' ? 0 : is.kind === 'verdict' ? 1 : 2);
  return [...found].sort((a, b) => rank(a) - rank(b));
}
