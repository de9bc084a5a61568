/** What a local run gives to have real processes behind the tasks. Without it tasks are state only. */
export interface TaskRuntime {
  /** Starts a task; it is RUNNING when this resolves, and serves at the address. Rejects when it cannot start. */
  start(task: RuntimeTask): Promise<{ readonly host: string; readonly port: number }>;
  /** Ends a task's process; resolves when it is gone, also when it was gone before. */
  stop(taskArn: string): Promise<void>;
}

export interface RuntimeTask {
  readonly arn: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly containerPort: number;
  /** Takes a line that the task writes. */
  readonly log?: (line: string) => void;
}
