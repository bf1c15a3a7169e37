import { STAGES } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { type Command, commonFlags, type Described } from './command.js';
import { EXIT } from './exit-codes.js';

const shells: Readonly<Record<string, (commands: readonly Described[]) => string>> = { bash, zsh, fish };

const HOW: Readonly<Record<string, string>> = {
  bash: 'spec-kit-mcp completion bash > ~/.local/share/bash-completion/completions/spec-kit-mcp',
  zsh: `spec-kit-mcp completion zsh > "\${fpath[1]}/_spec-kit-mcp"`,
  fish: 'spec-kit-mcp completion fish > ~/.config/fish/completions/spec-kit-mcp.fish',
};

/** Prints a completion script made from the same descriptions as the help. */
export function completionCommand(others: readonly Described[]): Command {
  const command: Command = {
    name: 'completion',
    summary: 'print a completion script for bash, zsh or fish',
    takes: 'SHELL',
    positionals: [1, 1],
    flags: {},
    example: HOW['bash'] ?? '',
    async run({ positionals: [shell = ''] }) {
      const script = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
      if (script === undefined)
        throw new SpecError(
          'INVALID_ARGUMENT',
          `There is no completion for "${shell.slice(0, 40)}". There is one for ${Object.keys(shells).join(', ')}.`,
        );
      const text = script([...others, command]);
      return { json: { shell, install: HOW[shell], script: text }, text, exitCode: EXIT.passed };
    },
  };
  return command;
}

function flagsOf({ flags }: Described): readonly [name: string, help: string][] {
  return Object.entries({ ...flags, ...commonFlags }).map(([name, { help }]) => [name, help]);
}

/** Words that a command takes as they are, such as `write` or a stage. */
function wordsOf({ takes }: Described): readonly string[] {
  if (takes.startsWith('STAGE')) return STAGES;
  if (takes === 'SHELL') return Object.keys(shells);
  return takes.split(/[\s|]+/).filter(word => /^[a-z-]+$/.test(word));
}

function bash(commands: readonly Described[]): string {
  const cases = commands.map(command => {
    const words = [...wordsOf(command), ...flagsOf(command).map(([flag]) => `--${flag}`)];
    return `    ${command.name}) words="${words.join(' ')}" ;;`;
  });
  return [
    '# bash completion for spec-kit-mcp',
    '_spec_kit_mcp() {',
    `  local cur="\${COMP_WORDS[COMP_CWORD]}" words=""`,
    `  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map(({ name }) => name).join(' ')} --help --version"; else`,
    `  case "\${COMP_WORDS[1]}" in`,
    ...cases,
    '  esac; fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    'complete -o default -F _spec_kit_mcp spec-kit-mcp',
  ].join('\n');
}

function zsh(commands: readonly Described[]): string {
  const listed = commands.map(
    ({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`,
  );
  const cases = commands.map(command => {
    const flags = flagsOf(command).map(([flag, help]) =>
      quoted(`--${flag}[${help.replaceAll(/[[\]:]/g, ' ')}]`),
    );
    const words = wordsOf(command);
    const first = words.length === 0 ? quoted('*:file:_files') : quoted(`*:word:(${words.join(' ')})`);
    return `    ${command.name}) _arguments ${[...flags, first].join(' ')} ;;`;
  });
  return [
    '#compdef spec-kit-mcp',
    '_spec_kit_mcp() {',
    '  local -a commands=(',
    ...listed,
    '  )',
    "  if (( CURRENT == 2 )); then _describe 'command' commands; return; fi",
    '  local name=$words[2]',
    '  shift words; (( CURRENT-- ))',
    '  case $name in',
    ...cases,
    '  esac',
    '}',
    '_spec_kit_mcp "$@"',
  ].join('\n');
}

function fish(commands: readonly Described[]): string {
  return [
    '# fish completion for spec-kit-mcp',
    ...commands.flatMap(command => {
      const within = `complete -c spec-kit-mcp -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
      return [
        `complete -c spec-kit-mcp -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
        ...wordsOf(command).map(word => `${within} -f -a ${word}`),
        ...flagsOf(command).map(([flag, help]) => `${within} -l ${flag} -d ${quoted(help)}`),
      ];
    }),
  ].join('\n');
}

/** For all three shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
