import * as z from 'zod';
import type { Stage } from '../../schemas/ids.js';
import { STAGES } from '../../schemas/ids.js';
import { newestSeq } from '../evidence/ledger.js';
import { fileText } from '../evidence/read-bundle.js';
import { readBack } from '../evidence/records.js';
import type { Workspace } from '../workspace/workspace.js';
import { AGGREGATOR } from './roster.js';

const STRIDE = 200;
const Stored = z.object({ output: z.record(z.string(), z.unknown()) });

/** What the newest run of each stage before this one came to: the arbiter's answer as JSON, by stage. */
export function agreedBefore(
  workspace: Workspace,
  root: string,
  specId: string,
  stage: Stage,
): Readonly<Record<string, string>> {
  const agreed = STAGES.slice(0, STAGES.indexOf(stage)).map(earlier => [
    earlier,
    agreedOf(workspace, root, specId, earlier) ?? `There is no recorded consensus of the ${earlier} stage.`,
  ]);
  return Object.fromEntries(agreed);
}

function agreedOf(workspace: Workspace, root: string, specId: string, stage: Stage): string | undefined {
  const prefix = `consensus/${specId}/spec-${stage}_`;
  for (let seq = newestSeq(workspace.files, root, specId); seq > 0; seq -= STRIDE) {
    const found = readBack(workspace, root, specId, seq, STRIDE, () => false).find(({ record }) =>
      record.manifest.path.startsWith(prefix),
    );
    if (found === undefined) continue;
    const { bundle } = found.record;
    return outputOf(fileText(workspace, root, specId, bundle, `spec-${stage}_${bundle}_${AGGREGATOR}.json`));
  }
  return undefined;
}

function outputOf(text: string | undefined): string | undefined {
  const stored = text === undefined ? undefined : Stored.safeParse(JSON.parse(text)).data;
  return stored === undefined ? undefined : JSON.stringify(withoutConsensus(stored.output));
}

/** An agent is told what was answered, never that all agree already. */
export function withoutConsensus({
  consensus: _,
  ...output
}: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return output;
}
