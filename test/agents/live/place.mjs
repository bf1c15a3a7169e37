import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A folder for one run: a home whose configuration has a trip-wire, a workspace, and the program on a PATH of its own. */
export function makePlace(scratch, cli, entry) {
  const folder = mkdtempSync(path.join(scratch, 'agent-'));
  const [home, bin, root, temporary] = ['home', 'bin', 'root', 'tmp'].map(name => path.join(folder, name));
  for (const each of [home, bin, path.join(root, '.git'), temporary]) mkdirSync(each, { recursive: true });
  const program = path.join(bin, cli);
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${entry}" "$@"\n`);
  chmodSync(program, 0o755);
  const wire = path.join(folder, 'tripped');
  layTripWire(home, wire);
  return { folder, home, bin, root, temporary, program, tripped: () => existsSync(wire) };
}

/** Servers and hooks as a person may have them, which no agent of ours may start. */
function layTripWire(home, wire) {
  const server = { command: 'touch', args: [wire] };
  const write = (name, text) => {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
    writeFileSync(path.join(home, name), text);
  };
  write('.codex/config.toml', `[mcp_servers.wire]\ncommand = "touch"\nargs = ["${wire}"]\n`);
  write('.claude.json', JSON.stringify({ mcpServers: { wire: server } }));
  const hook = { hooks: [{ type: 'command', command: `touch ${wire}` }] };
  write('.claude/settings.json', JSON.stringify({ hooks: { SessionStart: [hook], UserPromptSubmit: [hook] } }));
  write(
    '.gemini/settings.json',
    JSON.stringify({
      mcpServers: { wire: { ...server, trust: true } },
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
    }),
  );
}

/** What must not be there after a run: a process of ours, the key or the prompt on disk, something in the temporary folder. */
export function traces({ folder, temporary, tripped }, { key, prompt, answer }) {
  const running = readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && pid !== process.pid && readText(`/proc/${pid}/environ`).includes(`HOME=${folder}`));
  return [
    ...(running.length > 0 ? [`${running.length} processes are left`] : []),
    ...holding(folder, key).map(file => `the key is in ${file}`),
    ...holding(folder, prompt).map(file => `the prompt is in ${file}`),
    ...readdirSync(temporary).map(name => `left behind: ${name}`),
    ...(JSON.stringify(answer).includes(key) ? ['the key is in the answer'] : []),
    ...(tripped() ? ['a server or hook of the person was started'] : []),
  ];
}

/** The files under a folder that hold a text, by their paths in it. */
export function holding(folder, text) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter(file => readText(file).includes(text))
    .map(file => path.relative(folder, file));
}

function readText(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
