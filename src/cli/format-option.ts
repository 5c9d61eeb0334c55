/** The option of every verb that prints for people or for programs. */
export const formatOption = {
  type: "string",
  placeholder: "FORMAT",
  summary: "How to print",
  choices: ["text", "json"],
  default: "text",
} as const;
