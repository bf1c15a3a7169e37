import { diffOf, init, uninstall } from '../../intake/init.js';
import { CLIENTS } from '../../intake/init-plan.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-codes.js';

export const initCommand: Command = {
  name: 'init',
  summary: 'prepare a repository: settings with the commands it seems to have, tracker, evidence folder',
  takes: '',
  positionals: [0, 0],
  flags: {
    client: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: `add this server to a client's configuration: ${CLIENTS.join(', ')}; repeatable`,
    },
    'dry-run': { type: 'boolean', help: 'show the difference, write nothing' },
  },
  example: 'spec-kit-mcp init --client claude --dry-run',
  async run(parsed, { open }) {
    const workspace = open(parsed.text('workspace'));
    const dryRun = parsed.on('dry-run');
    const { changes, commands, backups } = await init(
      workspace,
      [...new Set(parsed.texts('client'))],
      dryRun,
    );
    const listed = changes.map(change => ({
      path: change.path,
      action: change.action,
      why: change.why,
      ...(dryRun ? { diff: diffOf(change) } : {}),
    }));
    const next = [
      'read spec-kit.toml, then: spec-kit-mcp trust',
      'git add -A && git commit',
      'spec-kit-mcp new "What it is about"',
    ];
    const text = [
      ...listed.flatMap(({ action, path, why, diff }) => [
        `${action.padEnd(6)} ${path}: ${why}`,
        ...(diff ? [diff, ''] : []),
      ]),
      ...commands.map(({ name, argv, from }) => `proposed from ${from}: ${name} = ${argv.join(' ')}`),
      ...backups.map(path => `backup ${path}`),
      dryRun ? 'Nothing was written.' : 'Nothing was run. Next:',
      ...(dryRun ? [] : next.map(line => `  ${line}`)),
    ];
    return {
      json: { workspace: workspace.label, dryRun, changes: listed, commands, backups, next },
      text: text.join('\n'),
      exitCode: EXIT.passed,
    };
  },
};

export const uninstallCommand: Command = {
  name: 'uninstall',
  summary: 'take back what init wrote, where nobody changed it since; evidence and packets stay',
  takes: '',
  positionals: [0, 0],
  flags: { 'dry-run': { type: 'boolean', help: 'show what would go, remove nothing' } },
  example: 'spec-kit-mcp uninstall --dry-run',
  async run(parsed, { open }) {
    const workspace = open(parsed.text('workspace'));
    const dryRun = parsed.on('dry-run');
    const done = await uninstall(workspace, dryRun);
    const [removed, restored, kept] = dryRun
      ? ['would remove ', 'would restore', 'would keep   ']
      : ['removed ', 'restored', 'kept    '];
    const text = [
      ...done.removed.map(path => `${removed} ${path}`),
      ...done.restored.map(path => `${restored} ${path}`),
      ...done.kept.map(path => `${kept} ${path}: it was changed since`),
      ...done.needed.map(path => `${kept} ${path}: it keeps git from changing the evidence that is there`),
      dryRun ? 'Nothing was removed.' : 'Done.',
    ];
    return {
      json: { workspace: workspace.label, dryRun, ...done },
      text: text.join('\n'),
      exitCode: EXIT.passed,
    };
  },
};
