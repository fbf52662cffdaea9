/**
 * The pool's directory and what lies in it: sockets, shared memory, folders and crash files of
 * workers; and the removal of what killed pools have left.
 */
@NullMarked
package dev.procpool.local.files;

import org.jspecify.annotations.NullMarked;
