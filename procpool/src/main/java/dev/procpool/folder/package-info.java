/** Folders and files of ours in places where others may write, too: proven, read, removed. */
@NullMarked
package dev.procpool.folder;

import org.jspecify.annotations.NullMarked;
