import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type ActionName = 'build-and-push' | 'render-task-definition' | 'ecs-bluegreen-deploy';

/** The bundle of an action. @throws when it has not been built */
export function actionBundle(action: ActionName): string {
  const path = join(__dirname, '../../actions', action, 'dist/index.js');
  if (!existsSync(path)) throw new Error(`cannot test ${action}: ${path} is missing; run: npm run build`);
  return path;
}
