/** The options of {@code map} and {@code starmap}, as picocli fills them, and what they refuse. */
@NullMarked
package dev.procpool.cli.options;

import org.jspecify.annotations.NullMarked;
