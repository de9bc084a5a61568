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
