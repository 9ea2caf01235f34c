/** Networks on one machine: their genesis, and their processes. No network stack comes with it. */

export {
  FAULT_FORMS,
  FAULT_KINDS,
  type Fault,
  formatFault,
  parseFault,
  WIRE_KINDS,
} from '../adversary/kinds.ts'
export { TOKEN_FILE } from '../api/guard.ts'
export {
  type Bundle,
  BundleError,
  type Checkpoint,
  parseCheckpoint,
  readBundle,
  writeBundle,
} from '../bundle.ts'
export type { ConfigFile, WeatherConfig } from '../config.ts'
export { ConfigError, OperationalError } from '../errors.ts'
export { parseGenesis } from '../genesis-file.ts'
export { KEEP_EPOCHS_MIN } from '../store/progress.ts'
export {
  createLocalForecastGenesis,
  type LocalForecastGenesisOptions,
  type LocalForecastNode,
} from './forecast-genesis.ts'
export {
  createLocalGenesis,
  createLocalSigners,
  createParams,
  LOCAL_BALANCE_MICRO,
  LOCAL_BOND_MICRO,
  LOCAL_INSTANCE,
  LOCAL_NODE_COUNT_MAX,
  LOCAL_TURN_HEIGHTS,
  type LocalGenesisOptions,
  localName,
} from './genesis.ts'
export {
  formatWeight,
  type LaunchOptions,
  type LocalAgent,
  launchLocalNetwork,
} from './launch.ts'
export {
  describeExit,
  LaunchError,
  LocalProcess,
  OUTPUT_FILE,
  type ProcessExit,
  type RunningProcess,
  type StartingEvent,
} from './local-process.ts'
export { type NewcomerReport, NewcomerTrial } from './newcomer.ts'
export type { LocalNetwork, LocalNode } from './running-network.ts'
export {
  createLocalWeather,
  type LocalWeatherAgent,
  type LocalWeatherNode,
  type LocalWeatherOptions,
  SEAL_HEIGHTS,
} from './weather-network.ts'
