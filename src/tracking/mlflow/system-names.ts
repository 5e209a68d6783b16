/** MLflow's own names of what W&B calls otherwise (mlflow/system_metrics). */
const NAMES: Readonly<Record<string, string>> = {
  cpu: 'cpu_utilization_percentage',
  memory_percent: 'system_memory_usage_percentage',
  'disk./.usagePercent': 'disk_usage_percentage',
};
const GPU_NAMES: Readonly<Record<string, string>> = {
  gpu: 'utilization_percentage',
  memoryAllocated: 'memory_usage_percentage',
  powerWatts: 'power_usage_watts',
};

/** The name of a measure of the machine in MLflow; undefined for one that MLflow has no name for. */
export function mlflowSystemName(name: string): string | undefined {
  const [, index, measure] = /^gpu\.(\d+)\.(.*)$/.exec(name) ?? [];
  const known = index === undefined ? NAMES[name] : GPU_NAMES[measure] && `gpu_${index}_${GPU_NAMES[measure]}`;
  return known && `system/${known}`;
}
