/** Results as text: JSON Lines, CSV, values by a template, a table; and where they go. */
@NullMarked
package dev.procpool.cli.output;

import org.jspecify.annotations.NullMarked;
