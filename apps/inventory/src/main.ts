import { runService } from '@comanda/service';
import { inventory } from './inventory.service.js';

await runService(inventory);
