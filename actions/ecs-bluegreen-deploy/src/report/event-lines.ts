import { excerpt } from '../../../../shared/excerpt';
import { formatDuration, formatMinutes, oneLine, oneName, shellWord, tasksText } from '../text';
import type { DeploymentEvent, Hints } from '../watch/model';
import { isShown } from '../watch/watch-state';

/** The lines of an event; none for what another line already shows. */
export function formatEvent(event: DeploymentEvent, hints: Hints): string[] {
  if (!isShown(event)) return [];
  switch (event.type) {
    case 'status':
      return [line('deployment', oneName(event.status))];
    case 'lifecycle':
      return [line(oneName(event.name), lifecycleText(event))];
    case 'tasks':
      return [
        line('tasks', [tasksText('blue', event.blue), tasksText('green', event.green)].filter(Boolean).join(' · ')),
      ];
    case 'traffic':
      return [line('traffic', trafficBar(event.blue, event.green))];
    case 'ready':
      return [line('ready', `waits to be continued: ${continueCommand(hints, 'READY_WAIT')}`)];
    case 'termination-wait':
      return hints.terminationWait > 0 ? [line('termination', terminationText(hints))] : [];
    case 'pause':
      return [line('paused', pauseText(event, hints))];
    case 'stopped-tasks':
      return [line('tasks stop', `${event.count} of the new revision so far: ${oneLine(event.reason)}`)];
    case 'service':
      return [line('service', event.count > 1 ? `${event.count} × ${oneLine(event.message)}` : oneLine(event.message))];
    case 'failed':
      return [line('deployment', `${oneName(event.status)}: ${excerpt(event.cause, 2_000)}`)];
    case 'rollback':
      return [line('rollback', `${oneName(event.id)} ${oneName(event.status) || 'has begun'}`)];
    case 'heartbeat':
      return [line('still', event.doing ?? 'no answer yet')];
    case 'end':
      return [];
  }
}

const line = (what: string, text: string) => `${what.padEnd(22)} ${text}`;

/** Why an event failed is reported at the end of the deployment. */
function lifecycleText({ status, took }: Extract<DeploymentEvent, { type: 'lifecycle' }>): string {
  if (status === 'InProgress') return 'begins';
  return `${oneName(status).toLowerCase()}${took === undefined ? '' : ` after ${formatDuration(took)}`}`;
}

const barLength = 20;

function trafficBar(blue: number, green: number): string {
  const length = Math.round((green / 100) * barLength);
  // A canary of 1% shall be seen. AWS may say any number, which is shown as it is.
  const [least, most] = green > 0 && green < 100 ? [1, barLength - 1] : [0, barLength];
  const shown = Math.min(most, Math.max(least, length));
  return `blue ${String(blue).padStart(3)}% ${'░'.repeat(barLength - shown)}${'█'.repeat(shown)} ${green}% green`;
}

const terminationText = (hints: Hints) =>
  `the old tasks stay ${formatMinutes(hints.terminationWait)}; to end them sooner: ${continueCommand(hints, 'TERMINATION_WAIT')}`;

const continueCommand = ({ id, region }: Hints, wait: 'READY_WAIT' | 'TERMINATION_WAIT'): string =>
  `aws deploy continue-deployment --deployment-id ${shellWord(id)} --deployment-wait-type ${wait} --region ${region}`;

const pauseText = ({ stage, hook, otherwise }: Extract<DeploymentEvent, { type: 'pause' }>, { id, region }: Hints) =>
  `at ${oneName(stage)}${otherwise ? ` (${oneName(otherwise)})` : ''}; to continue: ` +
  `aws ecs continue-service-deployment --service-deployment-arn ${shellWord(id)} --hook-id ${shellWord(hook)} --action CONTINUE --region ${region}`;
