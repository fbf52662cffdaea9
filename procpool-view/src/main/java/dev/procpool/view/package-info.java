/** A page in the browser that shows pools as they run. */
@NullMarked
package dev.procpool.view;

import org.jspecify.annotations.NullMarked;
