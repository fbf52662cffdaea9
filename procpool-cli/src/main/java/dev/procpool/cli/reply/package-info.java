/** What becomes of one row: its status and reply, and the form in which it crosses back. */
@NullMarked
package dev.procpool.cli.reply;

import org.jspecify.annotations.NullMarked;
