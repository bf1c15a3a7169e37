import type { Files } from '../workspace/files.js';

/** A command that a repository seems to have. It is proposed, never run. */
export interface Proposed {
  readonly name: 'build' | 'lint' | 'test';
  readonly argv: readonly string[];
  /** The file that says so. */
  readonly from: string;
}

const MAX_BYTES = 1024 * 1024;

/** At most one command a name; of several languages the first one here. */
export function detectCommands(files: Files): readonly Proposed[] {
  const found = [npm(files), cargo(files), go(files), python(files), make(files)].flat();
  return (['build', 'lint', 'test'] as const).flatMap(name => found.find(each => each.name === name) ?? []);
}

function npm(files: Files): Proposed[] {
  const scripts = scriptsOf(textOf(files, 'package.json'));
  const runner =
    files.info('pnpm-lock.yaml').kind === 'file'
      ? 'pnpm'
      : files.info('yarn.lock').kind === 'file'
        ? 'yarn'
        : 'npm';
  return (['build', 'lint', 'test'] as const)
    .filter(name => typeof scripts[name] === 'string' && !/no test specified/.test(String(scripts[name])))
    .map(name => ({ name, argv: [runner, 'run', name], from: 'package.json' }));
}

function scriptsOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const { scripts } = Object(JSON.parse(text ?? '{}'));
    return Object(scripts);
  } catch {
    return {};
  }
}

function cargo(files: Files): Proposed[] {
  if (textOf(files, 'Cargo.toml') === undefined) return [];
  const from = 'Cargo.toml';
  return [
    { name: 'build', argv: ['cargo', 'build', '--all-targets'], from },
    { name: 'test', argv: ['cargo', 'test'], from },
  ];
}

function go(files: Files): Proposed[] {
  if (textOf(files, 'go.mod') === undefined) return [];
  const from = 'go.mod';
  return [
    { name: 'build', argv: ['go', 'build', './...'], from },
    { name: 'lint', argv: ['go', 'vet', './...'], from },
    { name: 'test', argv: ['go', 'test', './...'], from },
  ];
}

function python(files: Files): Proposed[] {
  const project = textOf(files, 'pyproject.toml');
  const from = project === undefined ? 'setup.py' : 'pyproject.toml';
  if (project === undefined && textOf(files, 'setup.py') === undefined) return [];
  const within =
    files.info('uv.lock').kind === 'file'
      ? ['uv', 'run']
      : files.info('poetry.lock').kind === 'file'
        ? ['poetry', 'run']
        : [];
  const run = (...argv: string[]) =>
    within.length === 0 ? ['python3', '-m', ...argv] : [...within, ...argv];
  const test = /\bpytest\b/.test(project ?? '') ? run('pytest') : ['python3', '-m', 'unittest', 'discover'];
  return [
    { name: 'build', argv: ['python3', '-m', 'compileall', '-q', '.'], from },
    ...(/^\[tool\.ruff/m.test(project ?? '')
      ? [{ name: 'lint' as const, argv: run('ruff', 'check'), from }]
      : []),
    { name: 'test', argv: test, from },
  ];
}

function make(files: Files): Proposed[] {
  const text = textOf(files, 'Makefile');
  if (text === undefined) return [];
  return (['build', 'lint', 'test'] as const)
    .filter(name => new RegExp(`^${name}[ \\t]*:(?!=)`, 'm').test(text))
    .map(name => ({ name, argv: ['make', name], from: 'Makefile' }));
}

function textOf(files: Files, path: string): string | undefined {
  const { kind, size } = files.info(path);
  return kind === 'file' && size <= MAX_BYTES ? files.read(path, MAX_BYTES)?.bytes.toString() : undefined;
}
