import { SpecError } from '../../errors.js';
import { loadSettings, SETTINGS_FILE } from '../../settings/load.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-codes.js';

export const trustCommand: Command = {
  name: 'trust',
  summary: `let the commands of this ${SETTINGS_FILE} run; any edit of the file ends the trust`,
  takes: '',
  positionals: [0, 0],
  flags: { show: { type: 'boolean', help: 'only show the commands and the digest' } },
  example: 'spec-kit-mcp trust --show',
  async run(parsed, terminal) {
    const workspace = terminal.open(parsed.text('workspace'));
    const { settings, digest } = await loadSettings(workspace);
    if (digest === null)
      throw new SpecError(
        'NOT_FOUND',
        `There is no ${SETTINGS_FILE} in ${workspace.label}, so there are no commands to trust. Write it first.`,
      );
    if (!parsed.on('show')) terminal.trust(digest, workspace.label);
    const trusted = !parsed.on('show') || workspace.trusts(digest);
    const commands = Object.entries(settings.commands).map(([name, { argv }]) => ({ name, argv }));
    return {
      json: { workspace: workspace.label, digest, trusted, commands },
      text: [
        ...commands.map(({ name, argv }) => `  ${name}: ${JSON.stringify(argv)}`),
        `${SETTINGS_FILE} ${digest} is ${trusted ? 'trusted' : 'not trusted'}. In CI: SPEC_KIT_TRUST=${digest}`,
      ].join('\n'),
      exitCode: EXIT.passed,
    };
  },
};
