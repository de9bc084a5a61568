import { readdirSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { HostileServer } from '../support/hostile-registry';
import type { HereOptions } from '../support/in-process';
import { openScene, type Result, type Scene } from './build-scene';

/** A scene in which everything that was opened is closed at the end. */
export interface HostileScene extends Scene {
  /** Builds FROM an image of a registry; the rest of the Dockerfile reads its layers unless it is another one. */
  build(from: string, more?: string, options?: HereOptions): Promise<Result>;
  /** Closes a server with the scene. */
  keep(server: HostileServer): HostileServer;
}

export async function openHostileScene(): Promise<HostileScene> {
  const scene = await openScene();
  const servers: HostileServer[] = [];
  return {
    ...scene,
    async build(from, more = 'COPY server.js /\n', options = {}) {
      scene.write({ Dockerfile: `FROM ${from}\n${more}` });
      return scene.run({ tags: 'v1' }, options);
    },
    keep(server) {
      servers.push(server);
      return server;
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      await scene.close();
    },
  };
}

/** It ended with one clear line, nothing was changed in AWS or left on the machine, and nothing hostile was quoted. */
export function expectRefused(scene: Scene, result: Result, line: RegExp | string): void {
  expect(result.errors).toEqual([expect.stringMatching(line)]);
  expect([1, 2]).toContain(result.status);
  expect(result.output).not.toMatch(/unexpected error|Cannot read prop|Invalid URL|TypeError|RangeError/);
  for (const text of result.errors) expect(text.length).toBeLessThan(1_200);
  expect(scene.aws.mutations()).toEqual([]);
  expect(readdirSync(scene.temp)).toEqual([]);
}
