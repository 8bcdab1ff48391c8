import { runService } from '@comanda/service';
import { catalog } from './catalog.service.js';

await runService(catalog);
