import type { Command } from 'commander'
import { DATA_FOLDER_DEFAULT } from './run-folder.ts'

/** Options of every command that looks at a network. */
export function addNetworkOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'where the network keeps its data', DATA_FOLDER_DEFAULT)
    .option('--network <name>', 'which network, where several run (default: the latest)')
    .option('--json', 'print JSON', false)
}
