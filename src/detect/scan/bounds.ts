/**
 * The most units a scan ever holds back: the length of the text so far minus `settled`, after any
 * `push`. Follows from the bounds below; each leaves room for what is still being told apart.
 *
 * Counted in UTF-16 units as they are read, which for plain text is as they are written. An escape
 * is one unit whatever its length, which is six units for each layer and thus 216 at most, four units
 * of base 64 are three, and unseen characters count nothing, however many there are: whoever holds the
 * text itself needs a bound of its own. What may be an encoded run is held in stretches of 1,024
 * units. Where a text is read in several ways the slowest reading counts, and a finding that another
 * one made across that place is held with it.
 */
export const holdBackUnitsMax = 8192;

/**
 * A finding longer than this is reported as several touching ones of this length and a rest. Long
 * enough for the PEM text of a 4096-bit RSA key with escaped line breaks.
 */
export const findingUnitsMax = 3584;

/** A stretch without a break is judged in windows of this many units. */
export const windowUnitsMax = 2048;

/**
 * How far one window moves on to the next. The rest of the window is longer than two bounded values,
 * so whatever begins before the stride is seen whole, together with what could overlap it.
 */
export const windowStrideUnits = 1024;

/** The most units that are waited for as one value behind a label, between quotes or in a cell. */
export const labelledUnitsMax = 256;

/** The same for a value without quotes, which may be the rest of a sentence. */
export const proseValueUnitsMax = 128;

/**
 * The most units of labelled values within one another, which are settled together. With a finding of
 * `findingUnitsMax` that begins at its end this is what is held back at most.
 */
export const valueGroupUnitsMax = 320;

/** Groups of digits with spaces between them are judged once they are this long together. */
export const chainUnitsMax = 128;

/** The end of such a chain that is read again: longer than any spaced number. */
export const chainTailUnits = 64;

/**
 * Text kept before `settled` for neighbours and the names of tags; no rule looks back further. What
 * labels and words said before that is known without the text.
 */
export const lookBehindUnits = 256;
