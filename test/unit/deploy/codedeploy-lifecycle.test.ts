import { expect, it } from '@jest/globals';
import {
  hookEvents,
  type LifecycleEventName,
  lifecycle,
} from '../../../actions/ecs-bluegreen-deploy/src/plan/codedeploy-lifecycle';
import * as aws from '../../local/aws/compute/scenario';

// The embedded AWS has a list of its own, so that it does not share a mistake of the product. An event that one of them lacks does
// not compile here.
const ofAws: readonly aws.LifecycleEventName[] = lifecycle;
const ofProduct: readonly LifecycleEventName[] = aws.lifecycleEvents;

it('knows the lifecycle events that the embedded AWS runs, in their order', () => {
  expect(ofAws).toEqual(ofProduct);
});

it('knows which of them can have a hook', () => {
  expect(hookEvents).toEqual(aws.hookEvents);
});
