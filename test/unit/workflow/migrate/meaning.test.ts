// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import { describe, expect, it } from '@jest/globals';
import { migrate } from '../../../local/migrate/migrate';

const push = (name: string) => `docker build -t ${name} . && docker push ${name}`;
const registry = '${{ steps.ecr.outputs.registry }}';
const login = '      - { uses: aws-actions/amazon-ecr-login@v2, id: ecr }\n';
const job = (steps: string, above = '') => `on: push\n${above}jobs:\n  a:\n    runs-on: x\n    steps:\n${steps}`;
const move = (text: string) => migrate(text, { name: 'w.yml', space: 'acme' });
const reasons = (text: string) =>
  move(text).left.map((one) => one.text.replace('a step that builds an image stays: ', ''));

describe('the credentials and settings of a step stay', () => {
  const own = [
    'AWS_ACCESS_KEY_ID: ${{ secrets.ID }}',
    'AWS_SECRET_ACCESS_KEY: ${{ secrets.KEY }}',
    'AWS_REGION: eu-west-1 # ours',
    'DOCKER_HOST: tcp://build:2375',
    'TAG: ${{ github.sha }} # the commit',
  ];
  const env = (lines: readonly string[], column: number) =>
    ['env:', ...lines.map((line) => `  ${line}`)].map((line) => `${' '.repeat(column)}${line}\n`).join('');

  it('where the step logs in by itself', () => {
    const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
    const { text } = move(job(`      - run: ${push(`${host}/web:$TAG`)}\n${env(own, 8)}`));
    expect(text).toBe(
      job(`      - uses: acme/build-and-push@v1
        env:
          DOCKER_HOST: tcp://build:2375
          AWS_ACCESS_KEY_ID: \${{ secrets.ID }}
          AWS_SECRET_ACCESS_KEY: \${{ secrets.KEY }}
          AWS_REGION: eu-west-1
        with:
          # ours
          # the commit
          registry: "123456789012"
          region: eu-west-1
          repository: web
          tags: \${{ github.sha }}
`),
    );
  });

  const withLogin = (step: string) =>
    job(
      `      - uses: actions/checkout@v4\n      - uses: aws-actions/amazon-ecr-login@v2\n        id: ecr\n${env(own.slice(0, 2), 8)}${step}`,
    );
  const inherited = ['AWS_ACCESS_KEY_ID: ${{ secrets.ID }}', 'AWS_SECRET_ACCESS_KEY: ${{ secrets.KEY }}'];

  it('where the login has them', () => {
    const { text } = move(
      withLogin(
        `      - name: Build\n        env:\n          AWS_REGION: of-another\n        run: ${push(`${registry}/web:1`)}\n`,
      ),
    );
    expect(text).toContain(
      `      - name: Build\n        uses: acme/build-and-push@v1\n${env(inherited, 8)}        with:\n          repository: web\n`,
    );
    expect(text).not.toContain('amazon-ecr-login');
  });

  it.each([
    ['a step without an environment', '', env(inherited, 8)],
    ['one with its own', '        env:\n          A: 1\n', env([...inherited, 'A: 1'], 8)],
  ])('where docker/build-push-action had them of the login: %s', (_, given, expected) => {
    const inputs = `        with:\n          context: .\n          push: true\n          tags: ${registry}/web:1\n`;
    const { text } = move(
      withLogin(`      - name: Build\n${given}        uses: docker/build-push-action@v6\n${inputs}`),
    );
    expect(text).toContain(`      - name: Build\n${expected}        uses: acme/build-and-push@v1\n${inputs}`);
  });

  it('which a line with braces leaves no place for', () => {
    const step = `      - { uses: docker/build-push-action@v6, with: { push: true, context: ., tags: '${registry}/web:1' } }\n`;
    expect(reasons(withLogin(step))).toEqual([
      'docker/build-push-action stays: the login to ECR has variables of its own; give them to this step too',
    ]);
  });
});

describe('the login to ECR stays where something may need it', () => {
  const build = `      - run: ${push(`${registry}/web:1`)}\n`;
  it.each([
    ['run: make push-worker', true],
    ['run: ./scripts/push.sh', true],
    ['run: ../bin/release', true],
    ['run: npm run release', true],
    ['uses: acme/scan-image@v1', true],
    ['uses: ./.github/actions/push', true],
    ["run: echo ${{ steps['ecr'].outputs.registry }}", true],
    ['run: aws ecs describe-task-definition --task-definition web > task.json', false],
    ['uses: slackapi/slack-github-action@v2', false],
    ['uses: hashicorp/setup-terraform@v3', false],
  ])('%s', (step, stays) => {
    expect(move(job(`${login}${build}      - ${step}\n`)).text.includes('amazon-ecr-login')).toBe(stays);
  });

  it('what comes before it cannot', () => {
    expect(move(job(`      - run: make test\n${login}${build}      - run: echo\n`)).text).not.toContain('ecr-login');
  });
});

describe('references to the outputs of a script', () => {
  const step = `      - id: build\n        run: |\n          ${push(`${registry}/web:1`)}\n          echo "image_uri=${registry}/web:1" >> "$GITHUB_OUTPUT"\n`;
  it.each([
    ["steps.build.outputs['image_uri']", 'steps.build.outputs.IMAGE'],
    ["steps['build'].outputs.image_uri", "steps['build'].outputs.IMAGE"],
    ['steps.build.outputs.IMAGE_URI', 'steps.build.outputs.IMAGE'],
  ])('%s becomes %s', (from, to) => {
    expect(move(job(`${login}${step}      - run: echo "\${{ ${from} }}"\n`)).text).toContain(`"\${{ ${to} }}"`);
  });

  it('to all of them, the step stays', () => {
    expect(reasons(job(`${login}${step}      - run: echo '\${{ toJSON(steps.build.outputs) }}'\n`))).toEqual([
      'all outputs of build are used as one, and build-and-push has others',
    ]);
  });
});

describe('a name whose tag cannot be read', () => {
  const cannot = (name: string) => [
    `whether ${registry}/${name} ends in a tag cannot be read from the workflow; write one behind it`,
  ];
  it.each([
    ['${{ vars.IMAGE }}', cannot('${{ vars.IMAGE }}')],
    ['team-${{ inputs.image }}', cannot('team-${{ inputs.image }}')],
    ['${{ vars.IMAGE }}:1', []],
    ['${{ secrets.ECR_REPOSITORY }}', []],
    ['${{ github.event.repository.name }}', []],
    ['${{ env.NAME }}', []],
    ['$NAME', []],
  ])('%s', (name, expected) => {
    expect(reasons(job(`${login}      - run: ${push(`${registry}/${name}`)}\n`, 'env: { NAME: web }\n'))).toEqual(
      expected,
    );
  });

  it('which steps before it write', () => {
    const written = '      - run: echo "NAME=web:1" >> "$GITHUB_ENV"\n';
    const text = job(`${login}${written}      - run: ${push(`${registry}/$NAME`)}\n`, 'env: { NAME: web }\n');
    expect(reasons(text)).toEqual(cannot('${{ env.NAME }}'));
  });

  it('is that of a matrix where its values have none', () => {
    const text = job(`${login}      - run: ${push(`${registry}/\${{ matrix.name }}`)}\n`);
    const matrix = (names: string) =>
      text.replace('    steps:', `    strategy: { matrix: { name: [${names}] } }\n    steps:`);
    expect(reasons(matrix('web, worker'))).toEqual([]);
    expect(reasons(matrix('web, "worker:2"'))).toEqual(cannot('${{ matrix.name }}'));
  });
});

it('a registry in a variable of the workflow is read', () => {
  const above = 'env:\n  REGISTRY: 123456789012.dkr.ecr.eu-west-1.amazonaws.com\n';
  for (const name of ['$REGISTRY/web:1', '${{ env.REGISTRY }}/web:1']) {
    const { text } = move(job(`      - run: ${push(name)}\n`, above));
    expect(text).toContain(
      '          registry: "123456789012"\n          region: eu-west-1\n          repository: web\n',
    );
  }
});

it('what may have several lines keeps them', () => {
  const { text } = move(
    job(
      `${login}      - run: |\n          docker build --build-arg TLS_KEY="\${{ secrets.K }}" --build-arg N=1 -t ${registry}/w:1 .\n          docker push ${registry}/w:1\n`,
    ),
  );
  expect(text).toContain(
    `          build-args: |\n            TLS_KEY<<END\n            \${{ secrets.K }}\n            END\n            N=1\n`,
  );
});

it('a script that writes a summary is moved', () => {
  expect(
    reasons(
      job(
        `${login}      - run: |\n          ${push(`${registry}/w:1`)}\n          echo "### Pushed" >> $GITHUB_STEP_SUMMARY\n`,
      ),
    ),
  ).toEqual([]);
});

describe('forms of YAML', () => {
  it('what an alias elsewhere means stays', () => {
    const text = job(
      `${login}      - env: &env { R: '${registry}' }\n        run: ${push('$R/web:1')}\n      - env: *env\n        run: echo $R\n`,
    );
    expect(move(text)).toMatchObject({ text, moved: [] });
    expect(reasons(text)).toEqual(['it has a YAML anchor, which other steps may use']);
  });

  it('a file that would not be one any more stays', () => {
    const text = `Actions:\n  A:\n    Identifier: aws/build@v1\n    Configuration: &all\n      Steps:\n        - Run: ${push('1.dkr.ecr.x.amazonaws.com/w:1')}\n  B:\n    Identifier: aws/build@v1\n    Configuration: *all\n    Outputs: { Artifacts: [{ Name: a, Files: [b] }] }\n`;
    expect(move(text)).toMatchObject({ text, moved: [] });
  });

  it.each([
    ['uses: >-\n          aws-actions/amazon-ecs-deploy-task-definition@v2\n', 'uses: acme/ecs-bluegreen-deploy@v1\n'],
    ['"uses": AWS-Actions/Amazon-ECS-Deploy-Task-Definition@v2\n', '"uses": acme/ecs-bluegreen-deploy@v1\n'],
  ])('%j becomes %j', (from, to) => {
    const inputs = '        with:\n          service: web\n';
    expect(move(job(`      - ${from}${inputs}`)).text).toBe(job(`      - ${to}${inputs}`));
  });

  const own = '{ Name: R, Value: 1.dkr.ecr.x.amazonaws.com }';
  it.each([
    [`{ Sources: [W], Variables: [${own}] } # both`, '{ Sources: [W] } # both'],
    [`{Variables: [${own}], Sources: [W]}`, '{Sources: [W]}'],
    [`{\n      Sources: [W],\n      Variables: [${own}],\n    }`, '{\n      Sources: [W],\n    }'],
  ])('of the inputs %s, the rest stays', (inputs, expected) => {
    const steps = `Steps: [{ Run: ${push('$R/w:1')} }]`;
    const action = `Actions:\n  A:\n    Identifier: aws/build@v1\n    Configuration: { ${steps} }\n    Inputs: `;
    expect(move(`${action}${inputs}\n`).text.split('    Inputs: ')[1]).toBe(`${expected}\n`);
  });

  it('several pairs between braces go together', () => {
    const outputs = 'Variables: [IMAGE], AutoDiscoverReports: { Enabled: false }';
    const action = (given: string) =>
      `Actions:\n  A:\n    Identifier: aws/build@v1\n    Outputs: { ${given} }\n    Configuration: { Steps: [{ Run: ${push('1.dkr.ecr.x.amazonaws.com/w:1')} }] }\n`;
    expect(move(action(`${outputs}, Other: 1`)).text).toContain('    Outputs: { Other: 1 }\n');
    expect(move(action(`Other: 1, ${outputs}`)).text).toContain('    Outputs: { Other: 1 }\n');
    expect(move(action(outputs)).text).not.toContain('Outputs');
  });

  it('a list of variables between braces becomes a text in quotes', () => {
    const action = (list: string) =>
      `Actions:\n  A:\n    Identifier: aws/ecs-render-task-definition@v1\n    Configuration: { environment-variables: ${list} }\n`;
    const { text } = move(action('[A=1, "B=two words"]'));
    expect(text).toBe(
      action('"A=1\\nB=two words"').replace('aws/ecs-render-task-definition', 'acme/render-task-definition'),
    );
  });

  it('an action written with braces stays', () => {
    const text = `Actions:\n  A: { Identifier: aws/build@v1, Configuration: { Steps: [{ Run: "${push('1.dkr.ecr.x.amazonaws.com/w:1')}" }] } }\n`;
    expect(move(text).text).toBe(text);
    expect(reasons(text)).toEqual(['A stays aws/build: it is written with braces; write it as a list of lines']);
  });

  it('an empty service is none', () => {
    const step =
      '      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with:\n          service: ""\n';
    expect(move(job(step)).text).toContain('          register-only: true\n          service: ""\n');
  });

  it('a login to ECR Public is not one to ECR', () => {
    const step = `      - uses: aws-actions/amazon-ecr-login@v2\n        id: ecr\n        with: { registry-type: public }\n      - uses: docker/build-push-action@v6\n        with: { context: ., push: true, tags: '${registry}/a/web:1' }\n`;
    expect(reasons(job(step))).toEqual(['docker/build-push-action stays: it pushes to ECR Public']);
  });
});
