import { describeBuilds } from './any-world';

describeBuilds(50, 120_000);
