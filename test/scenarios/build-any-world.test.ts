import { describeBuilds } from './any-world';

// The gate tries many more (hostile-any-world).
describeBuilds(8, 60_000);
