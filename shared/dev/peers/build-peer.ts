import { definition as build } from '../../../actions/build-and-push/src/definition';
import type { ActionDefinition } from '../../manifest/definition';
import type { Peer } from './peer';

const sameCaches =
  'Needs buildx with a builder of its own, as `docker/setup-buildx-action` makes, or the containerd image store.';
const forCommands = 'Not with finch or builtin.';

/** docker/build-push-action, the first step of most workflows that deploy to ECS. */
export const buildPeer: Peer = {
  name: 'docker/build-push-action',
  version: '7.0.0',
  ours: build as unknown as ActionDefinition,
  inputs: {
    'add-hosts': forCommands,
    allow: 'Needs buildx.',
    annotations: `${sameCaches} Those of an index are left out, with a warning, where the image has none.`,
    attests: sameCaches,
    'build-args': '',
    'build-contexts': 'Not with the classic builder or builtin.',
    builder: 'Also one of those of this action: `docker`, `finch`, `podman`, `buildah`, `builtin`.',
    'cache-from': `${sameCaches} Images also with any buildx.`,
    'cache-to': `${sameCaches} A cache in ECR gets the form that ECR accepts; one that cannot be written is a warning.`,
    call: '',
    'cgroup-parent': forCommands,
    context:
      'A folder; by default, and as `{{defaultContext}}`, the checkout: nothing is fetched from Git, so check out first.',
    file: 'Also `dockerfile`.',
    labels: 'Revision and source are added where git knows them.',
    load: '',
    network: forCommands,
    'no-cache': '',
    'no-cache-filters': 'Needs buildx.',
    outputs:
      'Images only, with their settings, and with their names where there are no `tags`; files and pushes without a tag are refused.',
    platforms: '',
    provenance: 'By default `false`: a repository of ECR stays free of untagged children.',
    pull: '',
    push: 'By default `true`, unless `load` or `outputs` says otherwise; there a step that says nothing pushes nothing.',
    sbom: '',
    secrets: 'Values reach the builder in its environment, never in a file or an argument.',
    'secret-envs': 'A variable that is missing is an error.',
    'secret-files': 'A file that is missing is an error.',
    'shm-size': forCommands,
    ssh: 'An agent that is missing is an error before the build.',
    tags: 'Full names in one repository of ECR, or tags alone; with `push: false` of any registry.',
    target: '',
    ulimit: forCommands,
    'github-token': 'Not needed: nothing is fetched from Git.',
  },
  outputs: {
    imageid: '',
    digest: 'Also as `image-digest`, and within `IMAGE`.',
    metadata: '`containerimage.digest`, `containerimage.config.digest` and `image.name`; not the provenance.',
  },
};
