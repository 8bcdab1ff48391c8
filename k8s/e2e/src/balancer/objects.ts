/** As much of the cluster's objects as a load balancer reads. */
export interface Ingress {
  readonly metadata: Metadata;
  readonly spec: {
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths: readonly IngressPath[] };
    }[];
  };
}

export interface IngressPath {
  readonly path?: string;
  readonly pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  readonly backend: { readonly service?: { readonly name: string; readonly port: { name?: string; number?: number } } };
}

/** Some of the pods behind a service. */
export interface EndpointSlice {
  readonly metadata: Metadata;
  readonly ports: readonly { readonly name?: string; readonly port: number }[] | null;
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    /** Not ready is also who has been asked to go, though he may still serve. */
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

interface Metadata {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}
