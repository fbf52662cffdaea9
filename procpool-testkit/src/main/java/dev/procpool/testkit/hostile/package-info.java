/**
 * The hostile run: workers that speak the real protocol and then lie, cut, flip and flood, beside
 * honest ones whose calls must not feel it.
 */
@NullMarked
package dev.procpool.testkit.hostile;

import org.jspecify.annotations.NullMarked;
