import { createEmbeddedAws } from '../local/aws/embedded';
import { workplace } from '../support/hosts';

export type HostsScene = Awaited<ReturnType<typeof openHostsScene>>;

/** An embedded AWS that listens, and a place in which an action runs on any host. */
export async function openHostsScene() {
  const aws = createEmbeddedAws();
  const endpoint = await aws.listen();
  const place = workplace();
  return {
    aws,
    endpoint,
    place,
    async close() {
      place.remove();
      await aws.close();
    },
  };
}
