export { SANDBOX_PSP, sandboxPspSchema } from './schema.js';
export { type SandboxPsp, startSandboxPsp } from './sandbox-psp.js';
