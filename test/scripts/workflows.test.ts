import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = '.github/workflows';

test.for(readdirSync(folder))(
  '%s pins each action by its commit, grants little, and keeps no credentials',
  name => {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    const uses = [...text.matchAll(/uses: (\S+)/g)].map(match => match[1] ?? '');
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/^[a-z-]+\/[a-z/-]+@[0-9a-f]{40}$/);
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    expect(text).not.toMatch(/write-all|pull_request_target|secrets\./);
    const checkouts = text.match(/actions\/checkout@/g)?.length ?? 0;
    expect(text.match(/persist-credentials: false/g)?.length ?? 0).toBe(checkouts);
  },
);
