import { shown } from '../../../../shared/excerpt';
import { nextProxy, RegistryTrouble } from './faults';

/** The address that the bytes of a blob are sent to. @throws RegistryTrouble where the registry names none */
export function uploadAddress(location: string | undefined, base: URL): URL {
  if (!location) throw new RegistryTrouble('it begins an upload without an address for it (no Location)', nextProxy);
  try {
    return new URL(location, base);
  } catch {
    throw new RegistryTrouble(`it names ${shown(location)} for an upload, which is not an address`, nextProxy);
  }
}

/** A connection that was dropped at the start of an upload, which is how ECR answers what it does not allow. */
export const uploadDropped = ({ message }: RegistryTrouble, repository: string): RegistryTrouble =>
  new RegistryTrouble(
    `${message} at the start of an upload, which ECR also does where the repository ${repository} is missing or the role lacks ecr:InitiateLayerUpload`,
    'create the repository, allow ecr:InitiateLayerUpload on it, or check the network of this machine, and run again',
    { transient: true },
  );
