/** What a run tells about itself: its progress, what went wrong, how long it all took. */
@NullMarked
package dev.procpool.cli.report;

import org.jspecify.annotations.NullMarked;
