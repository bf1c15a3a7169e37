/** Seconds that a hook may take; then git goes on, and the hook says that nothing was verified. */
export const HOOK_SECONDS = 30;

export const HOOK_PATH = '.git/hooks/pre-push';

/** Finds the program where it is installed, and steps aside where it is not. */
export const HOOK = `#!/bin/sh
# spec-kit-mcp: before a push, verifies the evidence; at most ${HOOK_SECONDS} s, then the push goes on unverified.
# Skip it once: SPEC_KIT_SKIP_HOOK=1 git push (or git push --no-verify). Remove it: spec-kit-mcp hooks uninstall
[ -n "$SPEC_KIT_SKIP_HOOK" ] && exit 0
if command -v spec-kit-mcp >/dev/null 2>&1; then exec spec-kit-mcp hooks run </dev/null; fi
if [ -x node_modules/.bin/spec-kit-mcp ]; then exec node_modules/.bin/spec-kit-mcp hooks run </dev/null; fi
echo "spec-kit-mcp is not installed here: the evidence was not verified." >&2
exit 0
`;
