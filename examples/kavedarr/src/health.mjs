/** The body and status of GET /health. `ping` resolves when the database answers. */
export async function health(version, ping) {
  try {
    await ping();
    return { status: 200, body: { version, database: 'reachable' } };
  } catch {
    return { status: 503, body: { version, database: 'unreachable' } };
  }
}
