/** What a pool tells Java Flight Recorder. */
@NullMarked
package dev.procpool.events;

import org.jspecify.annotations.NullMarked;
