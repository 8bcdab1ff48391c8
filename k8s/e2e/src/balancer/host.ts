/** Where the load balancer is reached from inside the cluster: the host of the Ingress. */
export const hostOf = (namespace: string): string => `balancer.${namespace}.svc`;

export const balancerOf = (namespace: string): string => `http://${hostOf(namespace)}`;
