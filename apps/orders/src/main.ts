import { runService } from '@comanda/service';
import { orders } from './orders.service.js';

await runService(orders);
