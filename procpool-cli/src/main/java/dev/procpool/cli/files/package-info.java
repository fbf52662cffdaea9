/** Files by pattern and class path, and what tells their contents apart. */
@NullMarked
package dev.procpool.cli.files;

import org.jspecify.annotations.NullMarked;
