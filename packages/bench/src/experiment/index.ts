/** Experiments: what a file says, how its runs are carried out, and what they come to. */

export { type ComparedMetric, type Comparison, compareRuns } from '../runner/compare.ts'
export type { Shard } from '../runner/manifest.ts'
export { type MergeReport, mergeFolders } from '../runner/merge.ts'
export { type ExperimentResults, readFolder } from '../runner/read-folder.ts'
export { type Progress, type RunReport, runExperiment } from '../runner/run-experiment.ts'
export { type CellSummary, formatCellValue } from '../runner/tables.ts'
export { WorkerError } from '../worker-pool.ts'
export { type BuiltIn, listBuiltIns } from './built-in.ts'
export type { JsonValue } from './canonical-json.ts'
export { type CellValues, type Experiment, firstSeeds } from './experiment.ts'
export { ExperimentError } from './experiment-error.ts'
export { parseExperiment } from './parse-experiment.ts'
