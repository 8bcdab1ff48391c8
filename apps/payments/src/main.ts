import { runService } from '@comanda/service';
import { payments } from './payments.service.js';

await runService(payments);
