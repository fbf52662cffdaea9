/** The file of results that a run can be gone on with: what is in it, and by which key. */
@NullMarked
package dev.procpool.cli.journal;

import org.jspecify.annotations.NullMarked;
