// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import { describe, expect, it } from '@jest/globals';
import { migrate } from '../../../local/migrate/migrate';

const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/web';
const push = `docker push ${image}:1`;

/** What becomes of a step with this script: its inputs but those of the image's name, or the reason why it stays. */
function moved(script: string, more = ''): string[] {
  const lines = script.split('\n').map((line) => `          ${line}\n`);
  const text = `on: push\njobs:\n  a:\n    runs-on: x\n${more}    steps:\n      - run: |\n${lines.join('')}`;
  const { text: result, left } = migrate(text, { name: 'w.yml', space: 'acme' });
  const reasons = left.map((notice) => notice.text.replace('a step that builds an image stays: ', ''));
  if (reasons.length > 0) return reasons;
  const [, inputs = ''] = result.split('        with:\n');
  return inputs
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !/^(?:registry|region|repository|tags):/.test(line));
}

describe('a script that builds one image', () => {
  it.each([
    [`docker build -t ${image}:1 .`, []],
    [`docker build -t ${image}:1 ./app/`, ['context: app']],
    [`docker build --tag=${image}:1 --file=x.Dockerfile app`, ['context: app', 'dockerfile: x.Dockerfile']],
    [`cd app && docker build -t ${image}:1 . && cd ..`, ['context: app']],
    [`cd app\ndocker build -f docker/Dockerfile -t ${image}:1 ..`, ['dockerfile: app/docker/Dockerfile']],
    [`cd /srv/app\ndocker build -t ${image}:1 .`, ['context: /srv/app']],
    [`cd "$GITHUB_WORKSPACE/app" && docker build -t ${image}:1 .`, ['context: ${{ github.workspace }}/app']],
    [`cd app && docker build -t ${image}:1 $GITHUB_WORKSPACE`, ['context: ${{ github.workspace }}']],
    [`DOCKER_BUILDKIT=1 docker build -t ${image}:1 .`, []],
    [`aws ecr get-login-password | sudo docker login -u AWS --password-stdin x\nsudo docker build -t ${image}:1 .`, []],
    [`docker buildx b --load -t ${image}:1 .`, []],
    [`docker build -t ${image}:1 .\ndocker rmi ${image}:1 && docker image prune -f`, []],
    [`docker build -t "${image}":'1' --label "a=b c" .`, ['labels: |', 'a=b c']],
  ])('%j gives %j', (script, inputs) => {
    expect(moved(`${script}\n${push}`)).toEqual(inputs);
  });

  it.each([
    ['app', ['context: services/app']],
    ['$GITHUB_WORKSPACE/app', ['context: ${{ github.workspace }}/app']],
    ['/srv/app', ['context: /srv/app']],
  ])('%s is built from the defaults of its job', (context, inputs) => {
    const defaults = '    defaults: { run: { working-directory: services } }\n';
    expect(moved(`docker build -t ${image}:1 ${context}\n${push}`, defaults)).toEqual(inputs);
  });
});

describe('a script stays', () => {
  const fetched = 'the context of docker build has no counterpart';
  it.each([
    [`docker build -t ${image}:1 https://github.com/o/r.git#main`, fetched],
    [`docker build -t ${image}:1 git@github.com:o/r.git`, fetched],
    [`docker build -t ${image}:1 github.com/o/r`, fetched],
    [`docker build -t ${image}:1 - < Dockerfile`, fetched],
    [`cd $DIR\ndocker build -t ${image}:1 .`, 'it also runs: cd $DIR'],
    [`cd -\ndocker build -t ${image}:1 .`, 'it also runs: cd -'],
    [`cd ~/app && docker build -t ${image}:1 .`, 'it also runs: cd ~/app'],
    [`(cd app && docker build -t ${image}:1 .)`, 'it also runs: (cd app'],
    [`docker build -t ${image}:1 -f $PWD/Dockerfile .`, '$PWD is known to the shell only'],
    [`docker build -t ${image}:1 --build-arg A .`, 'the value of the build argument A is known to the shell only'],
    [`docker build -t ${image}:1 . | tee log`, 'it also runs: tee log'],
    [`CI=1 docker build -t ${image}:1 .`, `it also runs: CI=1 docker build -t ${image}:1 .`],
  ])('%j: %s', (script, reason) => {
    expect(moved(`${script}\n${push}`)).toEqual([reason]);
  });
});
