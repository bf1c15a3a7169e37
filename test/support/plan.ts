import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GuardrailReport } from '../../schemas/guardrail.js';
import type { BaselineMode } from '../../schemas/inputs/checks.js';
import { PlanTelemetry } from '../../schemas/telemetry.js';
import { runGuardrail } from '../../src/guardrail/run.js';
import type { Operator } from '../../src/workspace/operator.js';
import { SPEC_ID } from './packet.js';
import { openTest, type Repository } from './repository.js';

interface Options extends Partial<Operator> {
  readonly trusted?: boolean;
  readonly baselineMode?: BaselineMode;
  readonly signal?: AbortSignal;
}

/** Runs the plan guardrail of the test packet, its commands trusted unless said otherwise. */
export async function plan(
  repo: Repository,
  { trusted = true, baselineMode, signal, ...over }: Options = {},
) {
  const trust = trusted ? settingsDigest(repo.root) : undefined;
  const workspace = openTest(repo.root, { ...over, trust });
  const steps: string[] = [];
  const report = await runGuardrail(
    { specId: SPEC_ID, stage: 'plan', baselineMode },
    {
      workspace,
      signal: signal ?? new AbortController().signal,
      progress: async (_done, _total, message) => {
        steps.push(message);
      },
    },
  );
  return { report, telemetry: PlanTelemetry.parse(JSON.parse(repo.read(report.telemetry))), steps };
}

/** Hex sha256 of spec-kit.toml, if there is one. */
export function settingsDigest(root: string): string | undefined {
  try {
    return createHash('sha256')
      .update(readFileSync(path.join(root, 'spec-kit.toml')))
      .digest('hex');
  } catch {
    return undefined;
  }
}

export const statusOf = ({ checks }: Pick<GuardrailReport, 'checks'>, name: string) =>
  checks.find(check => check.name === name)?.status;

/** An argv that runs a script in Node, as a line of spec-kit.toml. */
export const node = (script: string) =>
  `argv = [${JSON.stringify(process.execPath)}, "-e", ${JSON.stringify(script)}]`;

/** A spec-kit.toml with the command "build". */
export const settings = (build: string, more = '') => `[commands.build]\n${build}\n${more}`;
