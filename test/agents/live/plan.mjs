import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { planAnswer, writePlanned } from '../../../dist/test/support/answers.js';
import { makeRepository } from '../../../dist/test/support/repository.js';
import { run } from '../../clients/processes.mjs';
import { BIN } from '../../clients/server.mjs';
import { holding, makePlace, traces } from './place.mjs';
import { startStub } from './stub.mjs';

const key = 'canary-93d0c5b2-live-key';
const ROLES = { gemini: 'gemini', claude: 'claude', gpt_pro: 'codex' };

/** What each role answers in a run that is sound, by what it was asked. */
function sound(role) {
  return body => {
    const found = name => new RegExp(`\\\\"${name}\\\\" \\\\"([^"\\\\]+)\\\\"`).exec(body)?.[1] ?? '';
    return planAnswer(role, { runId: found('run_id'), promptVersion: found('prompt_version') });
  };
}

/** `spec-kit-mcp plan` with each role played by another program: {problems, detail}. `entries` by the program's name. */
export async function plan(scratch, dialects, entries, { failing, verdict, exitCode }) {
  const places = Object.fromEntries(
    Object.entries(entries).map(([cli, entry]) => [cli, makePlace(scratch, cli, entry)]),
  );
  const stubs = {};
  process.env.TMPDIR = scratch;
  const repository = makeRepository();
  try {
    let toml = '';
    for (const [role, cli] of Object.entries(ROLES)) {
      stubs[role] = await startStub(dialects[cli], failing ? 401 : sound(role));
      toml += `[agents.${role}]\nmode = "cli"\ncli = "${cli}"\nmodel = "gemini-2.5-pro"\nbase_url = "${stubs[role].url}"\nkey_env = "MODEL_API_KEY"\n`;
    }
    writePlanned(repository, toml);
    const place = places.codex;
    const out = await run(process.execPath, [BIN, 'plan', 'SPEC-KIT-DEMO', '--json'], {
      cwd: repository.root,
      env: {
        PATH: [...Object.values(places).map(({ bin }) => bin), process.env.PATH].join(':'),
        HOME: place.home,
        TMPDIR: place.temporary,
        MODEL_API_KEY: key,
        SPEC_KIT_TRUST: createHash('sha256').update(readFileSync(path.join(repository.root, 'spec-kit.toml'))).digest('hex'),
      },
      limitMs: 120_000,
    });
    const report = out.stdout.startsWith('{') ? JSON.parse(out.stdout) : {};
    const calls = Object.fromEntries(Object.entries(stubs).map(([role, { bodies }]) => [role, bodies.length]));
    const answer = `${out.stdout}${out.stderr}`;
    return {
      problems: [
        ...traces(place, { key, prompt: 'run_id', answer }),
        ...holding(repository.root, key).map(file => `the key is in ${file}`),
        ...(report.verdict === verdict ? [] : [`the verdict is ${report.verdict}, not ${verdict}: ${out.stdout.slice(0, 1500)}${out.stderr.slice(-500)}`]),
        ...(out.code === exitCode ? [] : [`it ended with ${out.code}, not ${exitCode}`]),
      ],
      detail: [`verdict ${report.verdict}, exit code ${out.code}, calls ${JSON.stringify(calls)}`],
    };
  } finally {
    for (const stub of Object.values(stubs)) stub.close();
    for (const folder of [repository.root, ...Object.values(places).map(each => each.folder)])
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
