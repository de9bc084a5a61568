import { isDeepStrictEqual } from 'node:util';
import type { Service, ServiceVolumeConfiguration, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import type { Request } from '../inputs';
import { unusedTaskInputs } from '../run-task-inputs';
import { serviceVolume, unusedVolume, volumeOf } from '../volume-inputs';

/** What UpdateService accepts besides the revision without starting a deployment (API model). */
type TagOptions = Pick<UpdateServiceRequest, 'enableECSManagedTags' | 'propagateTags'>;

/** The options of tags that are asked for and that the service does not have; undefined where there are none. */
export function tagOptions({ inputs }: Request, service: Service): TagOptions | undefined {
  const { 'enable-ecs-managed-tags': managed, 'propagate-tags': propagate } = inputs;
  const options: TagOptions = {
    ...(managed !== undefined &&
      managed !== (service.enableECSManagedTags ?? false) && { enableECSManagedTags: managed }),
    ...(propagate !== undefined && propagate !== (service.propagateTags ?? 'NONE') && { propagateTags: propagate }),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

/** The volume that is asked for. UpdateService with another one than the service has starts a deployment (API model). */
export const volumesAsked = ({ inputs }: Request): ServiceVolumeConfiguration[] | undefined => {
  const volume = volumeOf(serviceVolume(inputs));
  return volume && [volume];
};

/** Whether the service runs with other settings of the volume than those asked for; what ECS filled in is not a difference. */
export function isVolumeNew(request: Request, { deployments = [] }: Service): boolean {
  const [asked] = volumesAsked(request) ?? [];
  if (!asked) return false;
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const current = primary?.volumeConfigurations?.find(({ name }) => name === asked.name)?.managedEBSVolume;
  return Object.entries(asked.managedEBSVolume ?? {}).some(
    ([field, value]) => !isDeepStrictEqual(value, current?.[field as keyof typeof current]),
  );
}

/** Lines about compatible inputs that change nothing; `canUpdate` tells whether the deployment is an update of the service. */
export function unusedOptions({ inputs }: Request, canUpdate: boolean): string[] {
  const names = ['enable-ecs-managed-tags', 'propagate-tags', 'service-managed-ebs-volume'] as const;
  const isUsed = (name: string) => canUpdate || (inputs['run-task'] && name === 'enable-ecs-managed-tags');
  const given = names.filter((name) => inputs[name] !== undefined && !isUsed(name));
  const kept = inputs['keep-null-value-keys'] !== undefined;
  return [
    ...(given.length > 0 ? [`not used, because CodeDeploy deploys the service: ${given.join(', ')}`] : []),
    ...(canUpdate ? unusedVolume(serviceVolume(inputs)) : []),
    ...unusedTaskInputs(inputs),
    ...(kept ? ['keep-null-value-keys is not needed: empty values are kept, unless ECS refuses them'] : []),
  ];
}
