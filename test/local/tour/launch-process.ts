import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { relayLines } from './relay-lines';
import type { Launch } from './task-runtime';

/** An image whose files are in a folder of this machine. */
export interface UnpackedImage {
  readonly folder: string;
  /** Entry point and command. */
  readonly command: readonly string[];
  readonly workingDir: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs a task as a plain process: the command of its image, with the port as PORT. */
export function launchProcess(unpack: (image: string) => Promise<UnpackedImage>): Launch {
  return async (task, port) => {
    const image = await unpack(task.image);
    const [program = '', ...args] = task.command ?? image.command;
    // Only images whose program is Node's can run without their operating system.
    if (program !== 'node') throw new Error(`a plain process can only run node, not ${program}`);
    const child = spawn(process.execPath, args, {
      cwd: join(image.folder, image.workingDir),
      env: {
        PATH: process.env['PATH'],
        ...image.environment,
        ...task.environment,
        HOST: '127.0.0.1',
        PORT: String(port),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C reaches the group of a terminal's program; a task serves until its service stops it.
      detached: true,
    });
    relayLines(child, task.log);
    return { child, kill: () => child.kill('SIGKILL') };
  };
}
