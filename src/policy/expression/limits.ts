/** UTF-8 bytes of one expression (policy-model 3.1). */
export const expressionBytesMax = 2048;
/** Nodes of its syntax tree, a macro counting as one besides its parts. */
export const expressionNodesMax = 200;
/** Brackets of any kind inside each other. */
export const bracketDepthMax = 64;
/** Items of a list that is read, written or built; a longer one is an error. */
export const listItemsMax = 256;
/** UTF-16 units of the pattern of `matches()`. */
export const patternUnitsMax = 512;
/** Instructions a pattern may compile to; counted repetitions write out their body. */
export const patternInstructionsMax = 4096;
/** Instructions times characters of one `matches()`, which bounds its time; beyond it is an error. */
export const matchStepsMax = 8_000_000;
/** UTF-16 units of a text that `+` builds. */
export const builtTextUnitsMax = 65_536;
/** Values looked at in comparing two lists or maps. */
export const comparedValuesMax = 10_000;
