import { runService } from '@comanda/service';
import { reporting } from './reporting.service.js';

await runService(reporting);
