export async function run(_p: unknown, _c: unknown) {
  return { outputs: { service: 'x' } };
}
