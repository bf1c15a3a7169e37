import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { GuardrailReport } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import { Telemetry } from '../../schemas/telemetry.js';
import { readEnvironment } from '../../src/bin/environment.js';
import type { Orders } from '../../src/guardrail/orders.js';
import { runGuardrail } from '../../src/guardrail/run.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { SPEC_ID } from './packet.js';
import { openTest, type Repository } from './repository.js';

export interface StageOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly trusted?: boolean;
  readonly signal?: AbortSignal;
  readonly onStep?: (message: string, done: number) => void;
  /** Instead of the repository's own: another work tree of it. */
  readonly root?: string;
  readonly orders?: Orders;
  /** Changes what the run sees of the world. */
  readonly world?: (workspace: Workspace) => Workspace;
}

export interface StageRun {
  readonly report: GuardrailReport;
  readonly telemetry: Telemetry;
}

/** Runs a stage's guardrail of the test packet, its commands trusted unless said otherwise. */
export async function runStage(
  repo: Repository,
  stage: Stage,
  options: StageOptions = {},
): Promise<StageRun> {
  const { env = {}, trusted = true, signal = new AbortController().signal, onStep } = options;
  const { root = repo.root, world = same => same, orders } = options;
  const { operator } = readEnvironment({ ...env, ...(trusted ? trustOf(root) : {}) });
  const workspace = world(openTest(root, operator));
  const report = await runGuardrail(
    { specId: SPEC_ID, stage },
    {
      workspace,
      signal,
      progress: async (done, _total, message) => onStep?.(message, done),
    },
    orders,
  );
  const telemetry = readFileSync(path.join(root, report.telemetry), 'utf8');
  return { report, telemetry: Telemetry.parse(JSON.parse(telemetry)) };
}

function trustOf(root: string): Record<string, string> {
  const file = path.join(root, 'spec-kit.toml');
  return existsSync(file)
    ? { SPEC_KIT_TRUST: createHash('sha256').update(readFileSync(file)).digest('hex') }
    : {};
}

/** The one check of that name. Throws when there is none, or several. */
export function checkOf({ telemetry }: StageRun, name: string): Telemetry['checks'][number] {
  const [check, ...others] = telemetry.checks.filter(each => each.name === name);
  if (check === undefined || others.length > 0)
    throw new Error(`${others.length + 1} checks ${name} in ${telemetry.checks.map(each => each.name)}`);
  return check;
}
