import { installDriver } from './database/install.js';
import { installProviderLine } from './provider/install.js';
import { found } from './world/found.js';
import { installSurroundings } from './world/surroundings.js';

// Imported before anything else: what is loaded from here on is given simulated time, connections and provider.
installSurroundings();
installDriver((process, database) => found(process.world).server(database));
installProviderLine((process) => found(process.world).provider);
