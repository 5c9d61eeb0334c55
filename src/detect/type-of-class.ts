/** What the mask of a class says: the name below its family in capitals, as the rules have it. */
export function typeOfClass(dataClass: string): string {
  if (dataClass === "pci.pan") return "CREDIT_CARD";
  return dataClass.slice(dataClass.lastIndexOf(".") + 1).toUpperCase();
}
