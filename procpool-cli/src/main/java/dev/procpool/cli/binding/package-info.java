/** How a row becomes the arguments of a method. */
@NullMarked
package dev.procpool.cli.binding;

import org.jspecify.annotations.NullMarked;
