/** The figures of pools as meters of Micrometer. */
@NullMarked
package dev.procpool.micrometer;

import org.jspecify.annotations.NullMarked;
