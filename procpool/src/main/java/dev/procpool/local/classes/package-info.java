/** The classes of the caller that workers don't have on their class path. */
@NullMarked
package dev.procpool.local.classes;

import org.jspecify.annotations.NullMarked;
