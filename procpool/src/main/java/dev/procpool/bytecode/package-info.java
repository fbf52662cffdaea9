/**
 * What can be read from class files: references and names, for messages and for class loading; and
 * which classes are the core's.
 */
@NullMarked
package dev.procpool.bytecode;

import org.jspecify.annotations.NullMarked;
