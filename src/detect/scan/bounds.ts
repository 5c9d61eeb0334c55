/**
 * The most units a scan ever holds back: the length of the text so far minus `settled`, after any
 * `push`. Follows from the bounds below; each leaves room for what is still being told apart.
 *
 * Counted in UTF-16 units as they are read, which for plain text is as they are written. An escape
 * is one unit whatever its length, which is six units for each layer and thus 216 at most, and unseen
 * characters count nothing, however many there are: whoever holds the text itself needs a bound of
 * its own. Where a text is read in several ways the slowest reading counts, and a finding that another
 * one made across that place is held with it.
 */
export const holdBackUnitsMax = 4096;

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

/** Groups of digits with spaces between them are judged once they are this long together. */
export const chainUnitsMax = 128;

/** The end of such a chain that is read again: longer than any spaced number. */
export const chainTailUnits = 64;

/** Text kept before `settled` for context words and neighbours; no rule looks back further. */
export const lookBehindUnits = 256;
