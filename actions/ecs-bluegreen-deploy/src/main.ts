import { runAction } from '../../../shared/host/run-action';
import { action } from './action';

void runAction(action);
