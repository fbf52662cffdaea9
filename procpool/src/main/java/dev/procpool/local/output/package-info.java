/** What workers print: read, cut into lines, each with the item that printed it. */
@NullMarked
package dev.procpool.local.output;

import org.jspecify.annotations.NullMarked;
