import { runService } from '@comanda/service';
import { identity } from './identity.service.js';

await runService(identity);
