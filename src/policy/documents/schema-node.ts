import type { Container } from "./placed-tree.ts";

/** The keywords of a schema that are read here; everything else is the validator's business. */
export interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly description?: string;
  readonly examples?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly "x-names"?: boolean;
}

/** One part of the tree together with the containers it lies in, outermost first. */
export interface Target {
  readonly value: unknown;
  readonly schema: SchemaNode | undefined;
  readonly steps: readonly Step[];
}

/** A container and the member of it that leads further in. */
export interface Step {
  readonly container: Container;
  readonly key: string;
  readonly schema: SchemaNode;
}
