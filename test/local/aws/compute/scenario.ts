import type { Diagnostics } from '@aws-sdk/client-codedeploy';
import type { DeploymentLifecycleHookStage } from '@aws-sdk/client-ecs';

/** Lifecycle events of CodeDeploy for ECS, in their order. */
export const lifecycleEvents = [
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'AllowTestTraffic',
  'AfterAllowTestTraffic',
  'BeforeAllowTraffic',
  'AllowTraffic',
  'AfterAllowTraffic',
] as const;
export type LifecycleEventName = (typeof lifecycleEvents)[number];

/** Lifecycle events that run a Lambda function of the AppSpec. */
export const hookEvents = [
  'BeforeInstall',
  'AfterInstall',
  'AfterAllowTestTraffic',
  'BeforeAllowTraffic',
  'AfterAllowTraffic',
] as const;
export type HookEvent = (typeof hookEvents)[number];

/** Lifecycle stages of a service deployment of the ECS controller that can have hooks. */
export type HookStage = DeploymentLifecycleHookStage;

/** Troubles of the tasks of a new revision; the tasks that ran before and those of a rollback are spared. */
export interface TaskTrouble {
  /** Tasks stop by themselves some time after they started, again and again. */
  readonly crashTasks?: {
    readonly exitCode?: number;
    /** The container's reason, such as `OutOfMemoryError: Container killed due to memory usage`. */
    readonly reason?: string;
    readonly logLines?: readonly string[];
    readonly afterMs?: number;
  };
  /** What follows `CannotPullContainerError: `. */
  readonly imagePullError?: string;
  readonly unhealthyTargets?: {
    readonly reason?: 'Target.ResponseCodeMismatch' | 'Target.Timeout' | 'Target.FailedHealthChecks';
    readonly description?: string;
  };
  /**
   * Deployments continue as soon as their tasks run, whatever the load balancer finds: with ECSAllAtOnce health checks begin after the
   * traffic has moved (CodeDeploy troubleshooting for ECS; containers-roadmap #1941). What their targets are, and until when.
   */
  readonly unchecked?: {
    readonly state: 'initial' | 'unhealthy' | 'unused' | 'draining';
    readonly reason?: string;
    readonly description?: string;
    /** Milliseconds after which they are healthy; never without it. */
    readonly healthyAfter?: number;
    /** How many of the tasks are so; default all. */
    readonly tasks?: number;
  };
  /** Tasks stay PENDING. */
  readonly neverStable?: boolean;
  /** Lines that each task writes as it starts. */
  readonly logLines?: readonly string[];
  /** Milliseconds that each task takes longer to start. */
  readonly slowInstall?: number;
}

/** How the tasks of RunTask go; without anything they end with 0 after some seconds. */
export interface OneOffTask {
  readonly exitCode?: number;
  /** The container's reason. */
  readonly reason?: string;
  readonly logLines?: readonly string[];
  /** Milliseconds that it works. */
  readonly afterMs?: number;
  /** It works until somebody stops it. */
  readonly neverEnds?: boolean;
  /** Why it stops before any container starts. */
  readonly cannotStart?: string;
  /** Why RunTask starts none, such as `RESOURCE:MEMORY`. */
  readonly cannotPlace?: string;
}

/** What happens to a deployment. Times are milliseconds since the deployment was created. */
export interface Scenario extends TaskTrouble {
  readonly failHook?: { readonly event: HookEvent | HookStage; readonly diagnostics?: Diagnostics };
  /** An alarm goes off. Under the ECS controller `event` is a lifecycle stage. */
  readonly alarmAt?: { readonly name: string } & ({ readonly event: string } | { readonly ms: number });
  /** Somebody stops the deployment, and with it asks for a rollback or not (the default). */
  readonly stopBySomebody?: number | { readonly ms: number; readonly rollback: boolean };
  /** Somebody stops this deployment and starts another one. */
  readonly competingAt?: number;
  /** The rollback fails too; a text is its message. */
  readonly rollbackFails?: boolean | string;
  readonly oneOffTask?: OneOffTask;
}
