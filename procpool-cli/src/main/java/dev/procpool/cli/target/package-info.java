/** Finds the method that TARGET names, and tells whether the rows go with it. */
@NullMarked
package dev.procpool.cli.target;

import org.jspecify.annotations.NullMarked;
