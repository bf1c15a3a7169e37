import type { VerifyReport } from '../../schemas/evidence-tools.js';
import type { Settings } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { verifyEvidence } from '../evidence/verify.js';
import { halConfigured } from '../hal/configured.js';
import { loadHalConfig } from '../hal/hal-config.js';
import { targetOf } from '../hal/target.js';
import { CLIENTS, configPath, hasEntry } from '../intake/init-plan.js';
import { listRuns } from '../pipeline/run-store.js';
import type { LoadedSettings } from '../settings/load.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import { type Diagnosis, ok, problem, warning } from './diagnosis.js';

const HAL_MS = 5000;

export async function hal(workspace: Workspace, { settings, digest }: LoadedSettings, { signal }: Call) {
  if (!(await halConfigured(workspace, settings))) return [ok('hal', 'No API is configured.')];
  const { origin, chosenByFile } = targetOf(workspace.operator, settings.hal, await loadHalConfig(workspace));
  if (chosenByFile !== undefined && (digest === null || !workspace.trusts(digest)))
    return [
      warning(
        'hal',
        `${origin} was not asked: nobody has trusted ${chosenByFile}, which names it.`,
        'Read it, then `spec-kit-mcp trust`.',
      ),
    ];
  const { response, failure } = await workspace.http({
    origin,
    method: 'GET',
    path: '/',
    headers: {},
    body: undefined,
    timeoutMs: HAL_MS,
    maxBodyBytes: 1024,
    signal,
  });
  if (response !== undefined) return [ok('hal', `${origin} answers.`)];
  const fix = startHint(settings);
  return [warning('hal', `${origin} ${failure?.reason ?? 'did not answer'}.`, fix)];
}

function startHint({ hal: { start } }: Settings): string {
  return start === undefined
    ? 'Start the API, name the command that starts it as [hal] start, or try `spec-kit-mcp hal mock`.'
    : `Nothing to do if it is down between runs: "${start}" starts it when it is needed.`;
}

export async function evidence(workspace: Workspace, { settings }: LoadedSettings, { signal }: Call) {
  const root = settings.workspace.evidence_root;
  const probe = `${root}/commands/SPEC-KIT-001/spec-plan.json`;
  const ignored = await workspace.git.ignored([probe]);
  const report = await verifyEvidence(workspace, root, {}, { signal, progress: async () => {} });
  return [
    ...(ignored.size > 0
      ? [
          problem(
            'evidence',
            `git ignores ${root}/, so no clone will have the evidence.`,
            `Take it out of .gitignore, e.g. with !${root}/.`,
          ),
        ]
      : []),
    report.outcome === 'ok' || isEmpty(report)
      ? ok('evidence', report.summary)
      : problem('evidence', report.summary, '`spec-kit-mcp verify --all` names each file.'),
  ];
}

/** A workspace may be new. */
function isEmpty({ findings }: VerifyReport): boolean {
  return findings.length > 0 && findings.every(({ code }) => code === 'no-evidence');
}

export async function runs(workspace: Workspace, { settings }: LoadedSettings) {
  const listed = listRuns(workspace, settings.workspace.evidence_root, { limit: 20 });
  return listed.flatMap(run => {
    if ('code' in run) return [problem('runs', run.message, 'See the message.')];
    if (run.status !== 'interrupted' || run.kind !== 'auto') return [];
    return [
      warning(
        'runs',
        `Run ${run.runId} of ${run.specId} was interrupted.`,
        `Go on with \`spec-kit-mcp auto ${run.specId} --resume ${run.runId}\`.`,
      ),
    ];
  });
}

export async function clients({ files }: Workspace) {
  const found = CLIENTS.flatMap((client): Diagnosis[] => {
    const entry = read(files, client);
    if (entry === undefined) return [];
    if (typeof entry === 'string')
      return [problem('clients', entry, 'Mend the file; the client cannot read it either.')];
    return [
      entry
        ? ok('clients', `${configPath(client)} starts spec-kit-mcp.`)
        : warning(
            'clients',
            `${configPath(client)} has no entry for spec-kit.`,
            `\`spec-kit-mcp init --client ${client}\` adds it.`,
          ),
    ];
  });
  return found.length > 0 ? found : [ok('clients', 'No client configuration in this repository.')];
}

function read(files: Workspace['files'], client: string): boolean | string | undefined {
  try {
    return hasEntry(files, client);
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
}
