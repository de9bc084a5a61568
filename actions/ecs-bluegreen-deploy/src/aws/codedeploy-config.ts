import type { CreateDeploymentConfigInput } from '@aws-sdk/client-codedeploy';
import { changeOnce, type Effects } from './effects';

/** Creates a deployment configuration. One that is there already is as good: its name says how it moves the traffic. */
export async function createConfig(input: CreateDeploymentConfigInput | undefined, effects: Effects): Promise<void> {
  if (!input) return;
  const name = input.deploymentConfigName!;
  const send = async () => {
    const codedeploy = await effects.steady.once().codedeploy();
    try {
      await codedeploy.createDeploymentConfig(input);
      effects.log.info(`Created deployment configuration ${name}`);
      effects.done.push(`the deployment configuration ${name} was created`);
    } catch (error) {
      if ((error as Error)?.name !== 'DeploymentConfigAlreadyExistsException') throw error;
    }
  };
  const uncertain = `It is not known whether the deployment configuration ${name} was created`;
  // Sent again after a lost answer, it is there already.
  await changeOnce({ uncertain, send, recognise: async () => undefined }, effects);
}
