import { type LoadedSettings, SETTINGS_FILE } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import { ok, problem, warning } from './diagnosis.js';

export async function config({ files }: Workspace, { settings, digest }: LoadedSettings) {
  const { tracker, docs_root: docsRoot } = settings.workspace;
  const names = Object.keys(settings.commands);
  return [
    digest === null
      ? warning(
          'config',
          `There is no ${SETTINGS_FILE}, so no command is checked.`,
          'Make one with `spec-kit-mcp init`.',
        )
      : ok(
          'config',
          `${SETTINGS_FILE}: ${names.length} commands${names.length === 0 ? '' : ` (${names.join(', ')})`}`,
        ),
    files.info(tracker).kind === 'file'
      ? ok('tracker', tracker)
      : warning(
          'tracker',
          `There is no ${tracker}.`,
          'Make one with `spec-kit-mcp init`, or start a spec with `spec-kit-mcp new`.',
        ),
    ...(files.info(docsRoot).kind === 'directory'
      ? []
      : [
          warning(
            'packets',
            `There is no folder ${docsRoot}/.`,
            'Start a spec with `spec-kit-mcp new "What it is about"`.',
          ),
        ]),
  ];
}

export async function trust(workspace: Workspace, { settings, digest }: LoadedSettings) {
  if (digest === null || Object.keys(settings.commands).length === 0) return [];
  return [
    workspace.trusts(digest)
      ? ok('trust', `A person trusted this ${SETTINGS_FILE}.`)
      : problem(
          'trust',
          `Nobody has trusted this ${SETTINGS_FILE}, so its commands do not run.`,
          `Read it, then \`spec-kit-mcp trust\`; in CI SPEC_KIT_TRUST=${digest}.`,
        ),
  ];
}

export async function programs({ findProgram }: Workspace, { settings }: LoadedSettings) {
  const missing = Object.entries(settings.commands).flatMap(
    ([
      name,
      {
        argv: [program = ''],
      },
    ]) => {
      const found = findProgram(program);
      return 'problem' in found
        ? [
            problem(
              'programs',
              `"${name}" ${found.problem}`,
              `Install ${program}, or change [commands.${name}].`,
            ),
          ]
        : [];
    },
  );
  const count = Object.keys(settings.commands).length;
  return missing.length > 0 || count === 0
    ? missing
    : [ok('programs', `The programs of ${count} commands are there.`)];
}

export async function agents({ operator, findProgram }: Workspace, { settings }: LoadedSettings) {
  const roles = Object.entries(settings.agents);
  if (roles.length === 0)
    return [ok('agents', 'None is configured: the calling agent answers for all roles.')];
  return roles.map(([role, agent]) => {
    if (agent?.mode === 'http' && agent.key_env !== undefined && operator.secret(agent.key_env) === undefined)
      return problem(
        'agents',
        `${role}: the variable ${agent.key_env} is not set.`,
        `Set ${agent.key_env}, or change [agents.${role}].`,
      );
    if (agent?.mode === 'cli' && agent.cli !== undefined) {
      const found = findProgram(agent.cli);
      if ('problem' in found)
        return problem(
          'agents',
          `${role}: ${agent.cli} ${found.problem}`,
          `Install ${agent.cli}, or change [agents.${role}].`,
        );
    }
    return ok('agents', `${role}: ${agent?.mode ?? 'client'}; \`spec-kit-mcp agents test\` asks it.`);
  });
}
