export { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
