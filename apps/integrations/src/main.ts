import { runService } from '@comanda/service';
import { integrations } from './integrations.service.js';

await runService(integrations);
