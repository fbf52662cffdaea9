/** Bytes to lines of text: what is packed, how it is encoded. Knows no row. */
@NullMarked
package dev.procpool.cli.text;

import org.jspecify.annotations.NullMarked;
