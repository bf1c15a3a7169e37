import type { Settings } from '../../../schemas/settings.js';
import { SpecError } from '../../errors.js';
import { inert } from '../../inert.js';
import { loadSettings, SETTINGS_FILE } from '../../settings/load.js';
import type { Command, Parsed, Terminal } from '../command.js';
import { EXIT } from '../exit-codes.js';

export const trustCommand: Command = {
  name: 'trust',
  summary: `let the commands and agents of this ${SETTINGS_FILE} run; any edit of the file ends the trust`,
  takes: '',
  positionals: [0, 0],
  flags: {
    show: { type: 'boolean', help: 'only show the commands, the agents and the digest' },
    yes: { type: 'boolean', help: 'trust without being asked, where there is no terminal' },
  },
  example: 'spec-kit-mcp trust --show',
  async run(parsed, terminal) {
    const workspace = terminal.open(parsed.text('workspace'));
    const { settings, digest } = await loadSettings(workspace);
    if (digest === null)
      throw new SpecError(
        'NOT_FOUND',
        `There is no ${SETTINGS_FILE} in ${workspace.label}, so there is nothing to trust. Write it first.`,
      );
    const programs = programsOf(settings);
    const agents = providersOf(settings);
    const shown = [
      ...programs.map(({ name, argv }) => `  ${name}: ${JSON.stringify(argv)}`),
      ...agents.map(({ role, ...how }) => `  prompts of ${role}: ${JSON.stringify(how)}`),
    ];
    const known = workspace.trusts(digest);
    const trusted = known || (!parsed.on('show') && (await agreed(parsed, terminal, workspace.label, shown)));
    if (trusted && !known) terminal.trust(digest, workspace);
    return {
      json: { workspace: workspace.label, digest, trusted, commands: programs, agents },
      text: inert(
        [
          ...shown,
          `${SETTINGS_FILE} ${digest} is ${trusted ? 'trusted' : 'not trusted'}. In CI: SPEC_KIT_TRUST=${digest}`,
        ].join('\n'),
      ),
      exitCode: trusted || parsed.on('show') ? EXIT.passed : EXIT.failed,
    };
  },
};

/** What runs once the file is trusted. */
function programsOf({ commands, agents }: Settings): readonly { name: string; argv: readonly string[] }[] {
  const clis = Object.entries(agents).flatMap(([role, agent]) =>
    agent?.mode === 'cli' && agent.cli !== undefined ? [{ name: `agent ${role}`, argv: [agent.cli] }] : [],
  );
  return [...Object.entries(commands).map(([name, { argv }]) => ({ name, argv })), ...clis];
}

/** Where prompts go once the file is trusted, and with which key. */
function providersOf({ agents }: Settings) {
  return Object.entries(agents).flatMap(([role, { mode, ...agent }]) => {
    const { api, cli, base_url, model, key_env } = agent;
    return mode === 'client' ? [] : [{ role, mode, api, cli, base_url, model, key_env }];
  });
}

/** Throws INVALID_ARGUMENT where nobody can be asked: a script must say --yes. */
async function agreed(
  parsed: Parsed,
  { ask }: Terminal,
  label: string,
  shown: readonly string[],
): Promise<boolean> {
  if (parsed.on('yes')) return true;
  const question = `What ${SETTINGS_FILE} in ${label} runs with your rights, and where it sends prompts:\n${shown.join('\n')}\nTrust exactly this file? [y/N] `;
  const answer = await ask(inert(question));
  if (answer !== undefined) return /^\s*y(es)?\s*$/i.test(answer);
  throw new SpecError(
    'INVALID_ARGUMENT',
    'There is no terminal to ask you at, so nothing was trusted. Read the commands with `spec-kit-mcp trust --show`, then call again with --yes.',
  );
}
