import { runService } from '@comanda/service';
import { loyalty } from './loyalty.service.js';

await runService(loyalty);
