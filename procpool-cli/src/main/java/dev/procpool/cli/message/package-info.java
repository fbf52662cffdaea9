/** What a user is told when something is wrong: usage errors, near names, causes. */
@NullMarked
package dev.procpool.cli.message;

import org.jspecify.annotations.NullMarked;
