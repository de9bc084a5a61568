import { describeBuilds } from './any-world';

describeBuilds(100, 120_000);
