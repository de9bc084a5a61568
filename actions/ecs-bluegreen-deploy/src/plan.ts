export async function plan(
  i: unknown,
  c: { aws(r: string): { ecs(): Promise<{ describeServices(x: unknown): Promise<unknown> }> } },
) {
  await (await c.aws('us-west-2').ecs()).describeServices({ services: ['x'] });
  return i;
}
