/** What can be read from class files: references and names, for messages and for class loading. */
@NullMarked
package dev.procpool.bytecode;

import org.jspecify.annotations.NullMarked;
