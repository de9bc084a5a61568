/**
 * Writes the files that come from the definitions; with `--check` it only says which have drifted.
 * Usage: `npm run generate` | `npm run check:drift`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definition as build } from '../../actions/build-and-push/src/definition';
import { definition as deploy } from '../../actions/ecs-bluegreen-deploy/src/definition';
import { definition as render } from '../../actions/render-task-definition/src/definition';
import type { ActionDefinition } from '../manifest/definition';
import { adkManifest } from './adk';
import { deployRoleTemplate } from './deploy-role';
import { generateFieldTable } from './field-table';
import { githubManifest } from './github';
import { withTables } from './markdown';
import { peersPage } from './peers/page';
import { rulesPage } from './task-definition-rules/page';
import { troubleshootingPage } from './troubleshooting/page';
import { generateModule } from './web-assembly';

const root = join(__dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '');

function filesOf(definition: ActionDefinition): [path: string, text: string][] {
  const folder = `actions/${definition.name}`;
  return [
    [`${folder}/.codecatalyst/actions/action.yml`, adkManifest(definition, version)],
    [`${folder}/action.yml`, githubManifest(definition)],
    [`${folder}/README.md`, withTables(read(`${folder}/README.md`), definition)],
  ];
}

const loops = 'actions/build-and-push/src/builders/builtin/compress/loops';

async function generate(): Promise<readonly (readonly [path: string, text: string])[]> {
  return [
    ...[build, render, deploy].flatMap((definition) => filesOf(definition as unknown as ActionDefinition)),
    [`${loops}.generated.ts`, await generateModule('loops.wat', read(`${loops}.wat`))],
    ['shared/task-definition/fields.generated.ts', generateFieldTable()],
    ['docs/task-definition-rules.md', rulesPage()],
    ['docs/troubleshooting.md', troubleshootingPage(root)],
    ['docs/templates/deploy-role.yaml', deployRoleTemplate(root)],
    ['docs/moving-from-github-actions.md', peersPage()],
  ];
}

async function main(): Promise<void> {
  const drifted = (await generate()).filter(([path, text]) => read(path) !== text);
  if (process.argv.includes('--check')) {
    for (const [path] of drifted) console.error(`${path} has drifted from its source`);
    if (drifted.length > 0) console.error('Fix: npm run generate');
    process.exitCode = drifted.length > 0 ? 1 : 0;
    return;
  }
  for (const [path, text] of drifted) writeFileSync(join(root, path), text);
  console.log(drifted.length === 0 ? 'All generated files are up to date.' : drifted.map(([path]) => path).join('\n'));
}

void main();
