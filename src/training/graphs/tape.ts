/**
 * Reverse-mode automatic differentiation: a tape records the operators that a network applies, and `gradients` walks it
 * backwards with each operator's gradient rule.
 */
import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {elementwise} from '../operators/channels-last.ts';
import type {Application, Operator} from '../operators/operator.ts';

interface Entry extends Application<unknown> {
  operator: Operator<unknown>;
}

export class Tape {
  readonly #entries: Entry[] = [];

  constructor(readonly graph: Graph) {}

  /** Applies an operator and records it for the backward pass; returns the record, which includes the saved values. */
  apply<Attributes>(operator: Operator<Attributes>, inputs: Value[], attributes: Attributes): Application<Attributes> {
    const {output, saved = []} = operator.forward(this.graph, inputs, attributes);
    const application = {attributes, inputs, output, saved};
    this.#entries.push({...application, operator: operator as Operator<unknown>});
    return application;
  }

  /** The gradients of the scalar `loss` with respect to `variables`; RangeError if the loss does not depend on one. */
  gradients(loss: Value, variables: Value[]): Value[] {
    const dependents = this.#dependents(variables);
    const gradients = new Map<Value, Value>([[loss, this.graph.scalar(1)]]);
    for (const {operator, ...application} of [...this.#entries].reverse()) {
      const gradOutput = gradients.get(application.output);
      const wanted = application.inputs.map((input) => dependents.has(input));
      if (!gradOutput || !wanted.includes(true)) continue;
      const gradInputs = operator.gradient(this.graph, application, gradOutput, wanted);
      application.inputs.forEach((input, i) => {
        const gradient = gradInputs[i];
        if (!wanted[i] || !gradient) return;
        const others = gradients.get(input);
        gradients.set(input, others ? elementwise(this.graph, 'Add', [others, gradient]) : gradient);
      });
    }
    return variables.map((variable) => {
      const gradient = gradients.get(variable);
      if (!gradient) throw new RangeError(`the loss does not depend on ${variable.name}`);
      return gradient;
    });
  }

  /** `variables` and every value computed from them. */
  #dependents(variables: Value[]): Set<Value> {
    const dependents = new Set(variables);
    for (const {inputs, output} of this.#entries) {
      if (inputs.some((input) => dependents.has(input))) dependents.add(output);
    }
    return dependents;
  }
}
