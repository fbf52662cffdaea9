/** Text and JSON to the values of a call, and values to JSON. */
@NullMarked
package dev.procpool.cli.value;

import org.jspecify.annotations.NullMarked;
