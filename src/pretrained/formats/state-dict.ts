import {TorchTensor} from './torch-objects.ts';

/** Under which keys training programs keep the weights beside other things. */
const WRAPPERS = ['state_dict', 'model_state_dict', 'model'];

/** Added to every name by `DataParallel`. */
const PREFIX = 'module.';

/**
 * The tensors of the object in a file of PyTorch, by name: of a state dict, or of a checkpoint that has one.
 *
 * @throws Error with the reason
 */
export function findStateDict(saved: unknown): Map<string, TorchTensor> {
  if (!(saved instanceof Map)) throw new Error('it does not hold a state dict');
  const wrapped = WRAPPERS.map((key) => saved.get(key)).find((value) => value instanceof Map) as Map<unknown, unknown>;
  const tensors = new Map<string, TorchTensor>();
  for (const [name, value] of wrapped ?? saved)
    if (typeof name === 'string' && value instanceof TorchTensor) tensors.set(name, value);
  if (tensors.size === 0) throw new Error('it has no tensors');
  const prefixed = [...tensors.keys()].every((name) => name.startsWith(PREFIX));
  return prefixed ? new Map([...tensors].map(([name, tensor]) => [name.slice(PREFIX.length), tensor])) : tensors;
}
