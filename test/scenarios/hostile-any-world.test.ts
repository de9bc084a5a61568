import { describeBuilds } from './any-world';

describeBuilds(200, 300_000);
